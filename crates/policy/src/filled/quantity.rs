//! Quantities as the API server writes them back: `1024Mi` becomes `1Gi`, `0.5` becomes `500m`, a number becomes text.

use plimsoll_cel::Value;

use super::{items, member_mut, members, unknown};

/// Maps whose values all are quantities.
const MAPS: [&str; 6] = [
    "limits",
    "requests",
    "hard",
    "capacity",
    "overhead",
    "allocatable",
];
/// Single quantities.
const SINGLE: [&str; 2] = ["sizeLimit", "divisor"];
/// Kinds in which these names mean what they mean in pods and claims; elsewhere a map may be called like that.
const KINDS: [&str; 14] = [
    "CronJob",
    "DaemonSet",
    "Deployment",
    "Job",
    "LimitRange",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Pod",
    "PodTemplate",
    "ReplicaSet",
    "ReplicationController",
    "ResourceQuota",
    "RuntimeClass",
    "StatefulSet",
];

/// Writes every quantity of an object of the kind as the server does.
pub(super) fn normalize(kind: &str, value: &mut Value<'_>) {
    if !KINDS.contains(&kind) {
        return;
    }
    for key in ["spec", "template", "overhead"] {
        if let Some(below) = member_mut(value, key) {
            walk(below, kind == "LimitRange");
        }
    }
}

fn walk(value: &mut Value<'_>, is_limit_range: bool) {
    items(value).for_each(|item| walk(item, is_limit_range));
    let Some(members) = members(value) else {
        return;
    };
    for (key, below) in members {
        let key = key.as_str().unwrap_or_default();
        let of_range = || {
            matches!(
                key,
                "max" | "min" | "default" | "defaultRequest" | "maxLimitRequestRatio"
            )
        };
        match key {
            "labels" | "annotations" | "matchLabels" | "nodeSelector" => {}
            _ if MAPS.contains(&key) || is_limit_range && of_range() => each(below),
            _ if SINGLE.contains(&key) => *below = written(below),
            _ => walk(below, is_limit_range),
        }
    }
}

fn each(value: &mut Value<'_>) {
    // The limits of a LimitRange are a list.
    items(value).for_each(|item| walk(item, true));
    for (_, amount) in members(value).into_iter().flatten() {
        *amount = written(amount);
    }
}

fn written<'t>(value: &Value<'t>) -> Value<'t> {
    let text = match value {
        Value::Str(text) => text.clone().into_owned(),
        Value::Int(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        other => return other.clone(),
    };
    match canonical(&text) {
        Some(text) => Value::text(text),
        None => unknown("how the API server writes this quantity"),
    }
}

/// The quantity in the server's own form. `None` for what is none, and for what it might round.
fn canonical(text: &str) -> Option<String> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let end = rest.find(|char: char| !char.is_ascii_digit() && char != '.');
    let end = end.unwrap_or(rest.len());
    let (number, suffix) = rest.split_at_checked(end)?;
    canonical_of(sign, number, suffix)
}

fn canonical_of(sign: &str, number: &str, suffix: &str) -> Option<String> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || digits.len() > 18 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits: i128 = digits.parse().ok()?;
    if digits == 0 {
        return Some("0".to_owned());
    }
    let places = u32::try_from(fraction.len()).ok()?;
    let binary = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    if let Some(power) = binary.iter().position(|known| *known == suffix) {
        let scale = 1024_i128.checked_pow(u32::try_from(power).ok()? + 1)?;
        let amount = digits.checked_mul(scale)?;
        let divisor = 10_i128.checked_pow(places)?;
        (amount % divisor == 0).then_some(())?;
        let amount = amount / divisor;
        // Below 1024 the server turns to decimal, above the largest it caps.
        (amount >= 1024 && amount <= i128::from(i64::MAX)).then_some(())?;
        return Some(format!(
            "{sign}{}",
            scaled(amount, 1024, &["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"])
        ));
    }
    let decimal = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
    let power = decimal.iter().position(|known| *known == suffix)?;
    let power = u32::try_from(power).ok()? * 3;
    let amount = digits.checked_mul(10_i128.checked_pow(power)?)?;
    let divisor = 10_i128.checked_pow(places)?;
    (amount % divisor == 0).then_some(())?;
    Some(format!(
        "{sign}{}",
        scaled(amount / divisor, 1000, &decimal)
    ))
}

/// With the largest suffix that leaves a whole number.
fn scaled(mut amount: i128, base: i128, suffixes: &[&str]) -> String {
    let mut suffixes = suffixes.iter();
    let mut suffix = suffixes.next().copied().unwrap_or_default();
    while amount % base == 0
        && let Some(next) = suffixes.next()
    {
        amount /= base;
        suffix = next;
    }
    format!("{amount}{suffix}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_written_as_the_server_does() {
        for (from, to) in [
            ("1024Mi", Some("1Gi")),
            ("1.5Gi", Some("1536Mi")),
            ("0.5", Some("500m")),
            ("1", Some("1")),
            ("1000m", Some("1")),
            ("1000", Some("1k")),
            ("100Mi", Some("100Mi")),
            ("0", Some("0")),
            ("1e3", None),
            ("", None),
            ("a", None),
        ] {
            assert_eq!(canonical(from).as_deref(), to, "{from}");
        }
    }
}
