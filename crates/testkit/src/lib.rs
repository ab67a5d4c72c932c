//! Runs pages as tests, plants mutants, restyles documents
