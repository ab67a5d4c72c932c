//! What `cargo xtask corpus` was asked for.
//!
//! Invariant: a request that was read can be met; sizes too small to hold one object are refused here.

use std::path::{Path, PathBuf};

use super::SEED;

/// Bytes of a file unless asked otherwise: 300 files make about 1.4 MB.
const BYTES_PER_FILE: usize = 4_700;
/// The smallest file that can have the size that was asked for.
const LEAST_BYTES_PER_FILE: usize = 1_024;
/// The smallest definition bundle that can have the size that was asked for.
const LEAST_DEFINITION_BYTES: usize = 4_096;

/// What to write and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) folder: PathBuf,
    pub(super) seed: u64,
    pub(super) shape: Shape,
}

/// What kind of corpus to write; `bytes` is always that of all files together.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Files {
        count: u32,
        bytes: usize,
    },
    /// So many pods, in one file each or all in a `single` one.
    Pods {
        count: u32,
        single: bool,
    },
    /// So many objects in the shares of a platform's repository, a file each.
    Platform {
        objects: u32,
    },
    /// One file of CustomResourceDefinitions.
    Definitions {
        bytes: usize,
    },
}

/// Why the arguments could not be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(super) enum RequestError {
    #[error(
        "say where to write: cargo xtask corpus DIR [--files N] [--bytes-per-file N] [--seed N] \
         | DIR --pods N [--single] | DIR --platform OBJECTS | DIR --crd-bytes N"
    )]
    Usage,
    #[error("{0} is not an option: leave it out")]
    Unknown(String),
    #[error("{0} needs a whole number after it")]
    Number(&'static str),
    #[error("{option} must be at least {least}")]
    Small { option: &'static str, least: usize },
    #[error("{0} and {1} exclude each other: give one")]
    Both(&'static str, &'static str),
}

/// The options as given.
#[derive(Default)]
struct Given {
    folder: Option<PathBuf>,
    files: Option<u32>,
    bytes_per_file: Option<usize>,
    pods: Option<u32>,
    single: bool,
    platform: Option<u32>,
    definition_bytes: Option<usize>,
    seed: Option<u64>,
}

impl Request {
    /// `count` files of the usual size.
    pub(super) fn files(folder: &Path, count: u32, seed: u64) -> Self {
        let bytes = BYTES_PER_FILE.saturating_mul(count as usize);
        Self {
            folder: folder.to_path_buf(),
            seed,
            shape: Shape::Files { count, bytes },
        }
    }

    /// So many objects of a platform's repository.
    pub(super) fn platform(folder: &Path, objects: u32, seed: u64) -> Self {
        Self {
            folder: folder.to_path_buf(),
            seed,
            shape: Shape::Platform { objects },
        }
    }

    /// Reads the arguments; the error says what is wrong with them.
    pub(super) fn parse(arguments: &[String]) -> Result<Self, RequestError> {
        let mut given = Given::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--files" => given.files = Some(number("--files", rest.next())?),
                "--bytes-per-file" => {
                    given.bytes_per_file = Some(number("--bytes-per-file", rest.next())?)
                }
                "--pods" => given.pods = Some(number("--pods", rest.next())?),
                "--single" => given.single = true,
                "--platform" => given.platform = Some(number("--platform", rest.next())?),
                "--crd-bytes" => given.definition_bytes = Some(number("--crd-bytes", rest.next())?),
                "--seed" => given.seed = Some(number("--seed", rest.next())?),
                option if option.starts_with('-') => {
                    return Err(RequestError::Unknown(argument.clone()));
                }
                _ if given.folder.is_some() => return Err(RequestError::Usage),
                _ => given.folder = Some(argument.into()),
            }
        }
        Ok(Self {
            shape: given.shape()?,
            seed: given.seed.unwrap_or(SEED),
            folder: given.folder.ok_or(RequestError::Usage)?,
        })
    }
}

impl Given {
    fn shape(&self) -> Result<Shape, RequestError> {
        let files = self.files.is_some() || self.bytes_per_file.is_some();
        if let Some(objects) = self.platform {
            return self.platform_shape(objects, files);
        }
        match (self.pods, self.definition_bytes) {
            (Some(_), Some(_)) => Err(RequestError::Both("--pods", "--crd-bytes")),
            (Some(_), None) if files => Err(RequestError::Both("--pods", "--files")),
            (None, Some(_)) if files => Err(RequestError::Both("--crd-bytes", "--files")),
            (None, _) if self.single => {
                Err(RequestError::Both("--single", "a shape without --pods"))
            }
            (Some(pods), None) => Ok(Shape::Pods {
                count: at_least("--pods", pods as usize, 1).map(|_| pods)?,
                single: self.single,
            }),
            (None, Some(bytes)) => Ok(Shape::Definitions {
                bytes: at_least("--crd-bytes", bytes, LEAST_DEFINITION_BYTES)?,
            }),
            (None, None) => self.files_shape(),
        }
    }

    fn platform_shape(&self, objects: u32, files: bool) -> Result<Shape, RequestError> {
        let others = [
            ("--files", files),
            ("--pods", self.pods.is_some()),
            ("--single", self.single),
            ("--crd-bytes", self.definition_bytes.is_some()),
        ];
        match others.into_iter().find(|(_, given)| *given) {
            Some((other, _)) => Err(RequestError::Both("--platform", other)),
            None => {
                at_least("--platform", objects as usize, 1).map(|_| Shape::Platform { objects })
            }
        }
    }

    fn files_shape(&self) -> Result<Shape, RequestError> {
        let count = self.files.unwrap_or(300);
        at_least("--files", count as usize, 1)?;
        let each = self.bytes_per_file.unwrap_or(BYTES_PER_FILE);
        let each = at_least("--bytes-per-file", each, LEAST_BYTES_PER_FILE)?;
        Ok(Shape::Files {
            count,
            bytes: each.saturating_mul(count as usize),
        })
    }
}

fn number<N: std::str::FromStr>(
    option: &'static str,
    text: Option<&String>,
) -> Result<N, RequestError> {
    text.and_then(|text| text.parse().ok())
        .ok_or(RequestError::Number(option))
}

fn at_least(option: &'static str, value: usize, least: usize) -> Result<usize, RequestError> {
    if value < least {
        return Err(RequestError::Small { option, least });
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Request, RequestError> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Request::parse(&arguments)
    }

    fn shape(line: &str) -> Shape {
        parse(line).unwrap().shape
    }

    #[test]
    fn shapes() {
        assert_eq!(
            shape("d"),
            Shape::Files {
                count: 300,
                bytes: 1_410_000
            }
        );
        assert_eq!(
            shape("d --files 2 --bytes-per-file 2000"),
            Shape::Files {
                count: 2,
                bytes: 4000
            }
        );
        assert_eq!(
            shape("--pods 7 --single d"),
            Shape::Pods {
                count: 7,
                single: true
            }
        );
        assert_eq!(
            shape("d --crd-bytes 9000"),
            Shape::Definitions { bytes: 9000 }
        );
        assert_eq!(shape("d --platform 325"), Shape::Platform { objects: 325 });
        assert_eq!(parse("d --seed 5").unwrap().seed, 5);
    }

    #[test]
    fn refusals() {
        assert_eq!(parse(""), Err(RequestError::Usage));
        assert_eq!(parse("a b"), Err(RequestError::Usage));
        assert_eq!(
            parse("d --fles 3"),
            Err(RequestError::Unknown("--fles".to_owned()))
        );
        assert_eq!(parse("d --files x"), Err(RequestError::Number("--files")));
        assert_eq!(parse("d --seed"), Err(RequestError::Number("--seed")));
        assert!(matches!(
            parse("d --files 0"),
            Err(RequestError::Small {
                option: "--files",
                ..
            })
        ));
        assert!(matches!(
            parse("d --pods 3 --files 3"),
            Err(RequestError::Both(..))
        ));
        for other in ["--files 2", "--pods 3", "--single", "--crd-bytes 9000"] {
            let line = format!("d --platform 5 {other}");
            assert!(
                matches!(parse(&line), Err(RequestError::Both(..))),
                "{line}"
            );
        }
        assert!(matches!(parse("d --single"), Err(RequestError::Both(..))));
    }
}
