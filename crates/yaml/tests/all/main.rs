//! Tests of the yaml room through its public face, one module per subject.

#[cfg(test)]
mod aliases;
#[cfg(test)]
mod comments;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod edits;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod facts;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod json;
#[cfg(test)]
mod oracles;
#[cfg(test)]
mod paths;
#[cfg(test)]
mod spans;
#[cfg(test)]
mod spec;
#[cfg(test)]
mod splitting;
#[cfg(test)]
mod support;
#[cfg(test)]
mod texts;
#[cfg(test)]
mod together;
#[cfg(test)]
mod types;
