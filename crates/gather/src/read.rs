//! Reads one file, whole and bounded.

use std::fs::File;
use std::io::{self, Read};

use crate::{InputFile, Problem};

/// The largest file that is read, in bytes: 1 GiB.
pub const LIMIT: u64 = 1 << 30;

/// The bytes of a file. Reading the same file again gives the same bytes, also for standard input and pipes.
pub fn read(file: &InputFile) -> Result<Vec<u8>, Problem> {
    if let Some(kept) = &file.kept {
        return Ok(kept.to_vec());
    }
    let opened = File::open(&file.path).and_then(read_file);
    opened.map_err(|error| Problem {
        name: file.name.clone(),
        message: sentence(&error),
    })
}

/// All bytes of a file, whose length is taken for a hint: it may grow, and pipes have none.
fn read_file(file: File) -> io::Result<Vec<u8>> {
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    read_into(bytes_for(length), file, LIMIT)
}

/// Room for a file of this length, with a byte more by which its end shows; for a long one no more than a start.
fn bytes_for(length: u64) -> Vec<u8> {
    const START: u64 = 1 << 26;
    Vec::with_capacity(usize::try_from(length.min(START) + 1).unwrap_or(0))
}

/// All bytes, if there are no more than `limit`.
pub(crate) fn read_all(from: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    read_into(Vec::new(), from, limit)
}

fn read_into(mut bytes: Vec<u8>, from: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    from.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        let message = format!("is larger than {} MiB: split it", limit >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(bytes)
}

/// What a failed reading means, and what to do. Without the name of the file.
pub(crate) fn sentence(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "may not be read: give yourself the right to read it or leave it out".to_owned()
        }
        io::ErrorKind::NotFound => {
            "cannot be read: it is gone, or a link that leads nowhere; repair or remove it"
                .to_owned()
        }
        io::ErrorKind::IsADirectory => "is a folder where a file was expected".to_owned(),
        io::ErrorKind::FileTooLarge => error.to_string(),
        _ => {
            // The walker wraps the system's error in one that repeats the path.
            let cause = error.get_ref().and_then(std::error::Error::source);
            let reason = cause.map_or_else(|| error.to_string(), ToString::to_string);
            format!("cannot be read: {reason}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_is_refused() {
        let limit = 2 << 20;
        let whole = read_all(io::repeat(b'a').take(limit), limit).map(|bytes| bytes.len() as u64);
        assert_eq!(whole.ok(), Some(limit));
        let error = read_all(io::repeat(b'a'), limit).map(|_| ()).unwrap_err();
        assert_eq!(sentence(&error), "is larger than 2 MiB: split it");
    }
}
