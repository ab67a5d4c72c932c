//! Reads files and folders
