//! Image references in CEL: expressions for the rules on images, which take apart with patterns what
//! `plimsoll_snapshot::image` takes apart in Rust. The pages hold them to each other on a real API server.

/// A pattern, as a CEL string, for references without digest that a runtime takes: registry, steps, tag.
pub(crate) const TAGGED: &str = "'^(?:(?:localhost|[A-Za-z0-9-]+(?:(?:[.][A-Za-z0-9-]+)+(?::[0-9]+)?|:[0-9]+))/)?[a-z0-9]+(?:(?:[.]|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[.]|_|__|-+)[a-z0-9]+)*)*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?$'";

/// The same for those that mean whatever is the latest.
pub(crate) const LATEST: &str = "'^(?:(?:localhost|[A-Za-z0-9-]+(?:(?:[.][A-Za-z0-9-]+)+(?::[0-9]+)?|:[0-9]+))/)?[a-z0-9]+(?:(?:[.]|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[.]|_|__|-+)[a-z0-9]+)*)*(?::latest)?$'";
