//! Amounts of cpu, memory and storage: added up, given room, and written as people write them.

pub(crate) const MIB: u128 = 1 << 20;
pub(crate) const GIB: u128 = 1 << 30;

/// Amounts of the three resources that containers share.
#[derive(Copy, Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct Amounts {
    /// Thousandths of a core.
    pub(crate) cpu: u128,
    /// Bytes.
    pub(crate) memory: u128,
    /// Bytes on the node.
    pub(crate) storage: u128,
}

impl Amounts {
    /// Each times a fraction, rounded up to what people write.
    pub(crate) fn times(self, numerator: u128, denominator: u128) -> Amounts {
        let scale = |amount: u128| (amount.saturating_mul(numerator)).div_ceil(denominator.max(1));
        Amounts {
            cpu: scale(self.cpu).next_multiple_of(50),
            memory: round(scale(self.memory)),
            storage: round(scale(self.storage)),
        }
    }

    /// Each this many times.
    pub(crate) fn multiplied(self, times: u128) -> Amounts {
        Amounts {
            cpu: self.cpu.saturating_mul(times),
            memory: self.memory.saturating_mul(times),
            storage: self.storage.saturating_mul(times),
        }
    }

    pub(crate) fn plus(self, other: Amounts) -> Amounts {
        Amounts {
            cpu: self.cpu.saturating_add(other.cpu),
            memory: self.memory.saturating_add(other.memory),
            storage: self.storage.saturating_add(other.storage),
        }
    }

    pub(crate) fn max(self, other: Amounts) -> Amounts {
        Amounts {
            cpu: self.cpu.max(other.cpu),
            memory: self.memory.max(other.memory),
            storage: self.storage.max(other.storage),
        }
    }

    /// As Kubernetes writes them: cpu, memory, storage. A whole number of cores is quoted, as API servers want.
    pub(crate) fn words(self) -> [String; 3] {
        let cpu = if self.cpu.is_multiple_of(1000) {
            format!("\"{}\"", self.cpu / 1000)
        } else {
            format!("{}m", self.cpu)
        };
        [cpu, bytes(self.memory), bytes(self.storage)]
    }
}

/// Bytes rounded up: to 16Mi below 1Gi, to a quarter of 1Gi above.
pub(crate) fn round(bytes: u128) -> u128 {
    let step = if bytes < GIB { 16 * MIB } else { GIB / 4 };
    bytes.checked_next_multiple_of(step).unwrap_or(bytes)
}

/// Bytes as Kubernetes writes them.
pub(crate) fn bytes(bytes: u128) -> String {
    match bytes {
        0 => "\"0\"".to_owned(),
        bytes if bytes.is_multiple_of(GIB) => format!("{}Gi", bytes / GIB),
        bytes => format!("{}Mi", bytes.div_ceil(MIB)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_people_write_them() {
        let of = |cpu, memory| {
            let amounts = Amounts {
                cpu,
                memory,
                storage: 0,
            };
            amounts.words()
        };
        assert_eq!(of(1500, 1536 * MIB), ["1500m", "1536Mi", "\"0\""]);
        assert_eq!(of(2000, 2 * GIB), ["\"2\"", "2Gi", "\"0\""]);
    }

    #[test]
    fn room_is_rounded_up() {
        let amounts = Amounts {
            cpu: 101,
            memory: 100 * MIB,
            storage: GIB + 1,
        };
        let room = amounts.times(3, 2);
        assert_eq!((room.cpu, room.memory), (200, 160 * MIB));
        assert_eq!(room.storage, GIB + GIB / 2 + GIB / 4);
        let most = Amounts {
            cpu: u128::MAX,
            ..amounts
        };
        assert_eq!(most.plus(most).multiplied(2).cpu, u128::MAX);
    }
}
