//! Every output format and the explain pages
