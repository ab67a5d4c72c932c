//! Policies in files, held against what an API server says.
