//! Addresses and ranges of addresses, replaced so that what lay in a range lies in it still: two that share their first bits
//! share as many afterwards. Ranges with a meaning of their own keep it.

use std::net::IpAddr;

use plimsoll_snapshot::cidr::parse_address;

use super::Redaction;

/// Addresses that are the same for everybody, with the bits that they share, and whether what lies in them is kept too.
const KNOWN: &[(&str, u32, bool)] = &[
    ("0.0.0.0", 8, true),
    ("10.0.0.0", 8, false),
    ("100.64.0.0", 10, false),
    ("127.0.0.0", 8, true),
    ("169.254.0.0", 16, true),
    ("172.16.0.0", 12, false),
    ("192.168.0.0", 16, false),
    ("224.0.0.0", 4, true),
    ("255.255.255.255", 32, true),
    // Where clouds answer for the metadata of a machine.
    ("100.100.100.200", 32, true),
    ("168.63.129.16", 32, true),
    ("::", 96, true),
    ("fc00::", 7, false),
    ("fd00:ec2::254", 128, true),
    ("fd20:ce::254", 128, true),
    ("fe80::", 10, true),
    ("ff00::", 8, true),
];

/// May this stand in an address, a range or a port behind an address?
pub(super) fn may_hold(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '/' | '_' | '-')
}

/// What stands before an address, what may be one, and what stands behind it.
pub(super) fn trimmed(text: &str) -> (&str, &str, &str) {
    // Of a URL the address stands between the slashes.
    let start = text.find("://").map_or(0, |at| at + 3);
    let (before, rest) = text.split_at_checked(start).unwrap_or(("", text));
    if start > 0 {
        let end = rest.find('/').unwrap_or(rest.len());
        let (inner, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        return (before, inner, after);
    }
    let inner = rest.trim_end_matches(['.', '/']);
    let after = rest.get(inner.len()..).unwrap_or_default();
    if inner.ends_with(':') && parse_address(inner).is_none() {
        let inner = inner.trim_end_matches(':');
        return (before, inner, rest.get(inner.len()..).unwrap_or_default());
    }
    (before, inner, after)
}

impl Redaction {
    /// What takes the place of an address, a range, or an address with a port. `None`: it is none.
    pub(super) fn address(&self, text: &str) -> Option<String> {
        if let Some((address, length)) = text.split_once('/') {
            let length: u32 = length.parse().ok()?;
            let address = parse_address(address)?;
            return Some(format!("{}/{length}", self.moved(address, length)?));
        }
        if let Some(address) = parse_address(text) {
            return Some(self.moved(address, 0)?.to_string());
        }
        let (address, port) = text.rsplit_once(':')?;
        let port: u16 = port.parse().ok()?;
        let address = parse_address(address).filter(IpAddr::is_ipv4)?;
        Some(format!("{}:{port}", self.moved(address, 0)?))
    }

    /// Hosts in a text that is kept otherwise.
    pub(super) fn hosts(&self, text: &str) -> String {
        let pieces = text.split_inclusive([',', '=']);
        let moved = pieces.map(|piece| {
            let inner = piece.trim_end_matches([',', '=']);
            let rest = piece.get(inner.len()..).unwrap_or_default();
            let Some((scheme, location)) = inner.split_once("://") else {
                if inner.starts_with('/') {
                    return self.steps(inner) + rest;
                }
                let words = is_host(inner).then(|| self.text(inner));
                let other = self.address(inner).or(words);
                return other.unwrap_or_else(|| inner.to_owned()) + rest;
            };
            let end = location.find('/').unwrap_or(location.len());
            let (host, path) = location.split_at_checked(end).unwrap_or((location, ""));
            format!("{scheme}://{}{}{rest}", self.text(host), self.steps(path))
        });
        moved.collect()
    }

    /// Another address. Behind `length` bits, if any, what is zero stays zero.
    fn moved(&self, address: IpAddr, length: u32) -> Option<IpAddr> {
        let (bits, size) = number(address);
        let mut moved = 0_u128;
        for at in 0..size {
            let shift = size - 1 - at;
            let bit = (bits >> shift) & 1;
            let flips = !is_known(bits, size, at) && self.flips(bits, size, at);
            moved |= (bit ^ u128::from(flips)) << shift;
        }
        let host = size.checked_sub(length).filter(|_| length > 0);
        let mask = host.map(|host| 1_u128.checked_shl(host).map_or(u128::MAX, |one| one - 1));
        if let Some(mask) = mask.filter(|mask| bits & mask == 0) {
            moved &= !mask;
        }
        Some(match address {
            IpAddr::V4(_) => IpAddr::V4(u32::try_from(moved).ok()?.into()),
            IpAddr::V6(_) => IpAddr::V6(moved.into()),
        })
    }

    /// Depends on the bits before this one, and on nothing else.
    fn flips(&self, bits: u128, size: u32, at: u32) -> bool {
        let before = first(bits, size, at);
        let digest = self.digest("address", &format!("{size} {at} {before:x}"));
        digest.starts_with(['8', '9', 'a', 'b', 'c', 'd', 'e', 'f'])
    }
}

/// Does it read like the name of a host? Numbers and versions have no such end.
fn is_host(text: &str) -> bool {
    let host = text.split(':').next().unwrap_or(text);
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    host.contains('.')
        && host.split('.').all(is_label)
        && last.len() > 1
        && last.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Does the bit at `at` tell apart what is the same for everybody?
fn is_known(bits: u128, size: u32, at: u32) -> bool {
    KNOWN.iter().any(|(known, length, with_all)| {
        let Some((known, own)) = parse_address(known).map(number) else {
            return false;
        };
        let same = |count| own == size && first(known, size, count) == first(bits, size, count);
        if at < *length {
            same(at)
        } else {
            *with_all && same(*length)
        }
    })
}

fn number(address: IpAddr) -> (u128, u32) {
    match address {
        IpAddr::V4(address) => (u32::from(address).into(), 32),
        IpAddr::V6(address) => (address.into(), 128),
    }
}

/// The first `count` of `size` bits.
fn first(bits: u128, size: u32, count: u32) -> u128 {
    bits.checked_shr(size - count).unwrap_or(0)
}
