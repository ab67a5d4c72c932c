//! The pages beside the controls, which `build.rs` packs. Invariant: a page is the file, byte for byte.

use std::io::Read;
use std::sync::LazyLock;

use flate2::read::DeflateDecoder;
use plimsoll_control::Page;

static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/pages"));

/// Name and text in turns, with a NUL before each.
static PAGES: LazyLock<String> = LazyLock::new(|| {
    let mut pages = String::new();
    let read = DeflateDecoder::new(PACKED).read_to_string(&mut pages);
    debug_assert!(read.is_ok(), "the build packed what cannot be unpacked");
    pages
});

/// The page that lies beside a module and has its name.
pub(crate) const fn beside(module: &'static str) -> Page {
    Page::Packed {
        name: module,
        unpack,
    }
}

fn unpack(module: &str) -> &'static str {
    let name = module.rsplit(':').next();
    let mut parts = PAGES.split('\0').skip(1);
    while let (Some(page), Some(text)) = (parts.next(), parts.next()) {
        if name == Some(page) {
            return text;
        }
    }
    ""
}
