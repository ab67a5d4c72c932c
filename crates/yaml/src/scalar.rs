//! Types of plain scalars.
use crate::node::Scalar;
pub(crate) fn number_or_bool(text: &str) -> Scalar<'_> {
    Scalar::Str(text)
}
pub(crate) fn whole(_value: f64) -> Option<i64> {
    None
}
