//! Amounts of memory and cpu for containers that state none: reasoned from what the container does state, else the
//! starting points that `plimsoll generate deployment` writes. What a program really needs only a measurement tells, so
//! nothing made here may be called safe.

use plimsoll_control::Finding;
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::quantity::Quantity;
use plimsoll_yaml::edit::Edit;
use plimsoll_yaml::{Node, Path, Segment};

/// What a program is taken to need of which nothing is known.
const MEMORY_REQUEST: &str = "128Mi";

/// A memory limit of so many times the request. Where there is no request one is written, too: the limit would be taken
/// for it, and keep free what is hardly ever used. Once the request, the limit alone says both.
///
/// # Errors
/// Why no limit can be reasoned.
pub(crate) fn memory_limit<'t>(
    object: &'t Object<'t>,
    finding: &Finding,
    times: u32,
) -> Result<Vec<Edit>, &'static str> {
    let limit = &finding.place.path;
    let resources = resources(limit);
    let stated = stated(object, &resources, "requests", "memory")?;
    refuse_pod_level(object, "memory")?;
    let Some(request) = stated else {
        let start = many(MEMORY_REQUEST, times.max(2));
        let mut edits = vec![Edit::set(limit.clone(), start)];
        if times > 1 {
            edits.push(Edit::set(
                below(resources, "requests", "memory"),
                MEMORY_REQUEST,
            ));
        }
        return Ok(edits);
    };
    Ok(vec![Edit::set(limit.clone(), many(request, times))])
}

/// A cpu request.
///
/// # Errors
/// Why none can be written.
pub(crate) fn cpu_request<'t>(
    object: &'t Object<'t>,
    finding: &Finding,
    amount: &'static str,
) -> Result<Vec<Edit>, &'static str> {
    let request = &finding.place.path;
    let root = object.document.tree.root();
    let limit = below(resources(request), "limits", "cpu");
    if limit.resolve(root).is_some_and(|limit| !limit.is_null()) {
        return Err("a request may not be greater than the limit, which is 0");
    }
    refuse_pod_level(object, "cpu")?;
    Ok(vec![Edit::set(request.clone(), amount)])
}

/// The `resources` above `limits.memory` or `requests.cpu`.
fn resources(amount: &Path) -> Path {
    let mut path = amount.clone();
    path.pop();
    path.pop();
    path
}

fn below(mut path: Path, list: &str, resource: &str) -> Path {
    path.push(Segment::Key(list.into()));
    path.push(Segment::Key(resource.into()));
    path
}

/// What is stated as more than nothing.
fn stated<'t>(
    object: &'t Object<'t>,
    resources: &Path,
    list: &str,
    resource: &str,
) -> Result<Option<&'t str>, &'static str> {
    let path = below(resources.clone(), list, resource);
    let node = path.resolve(object.document.tree.root());
    let Some(node) = node.filter(|node| !node.is_null()) else {
        return Ok(None);
    };
    match Quantity::of(node) {
        Some(amount) if amount > Quantity::ZERO => Ok(node.text()),
        Some(_) => Ok(None),
        None => Err("its request is no amount"),
    }
}

/// What containers ask for may not be more than what their pod asks for as a whole.
fn refuse_pod_level(object: &Object<'_>, resource: &str) -> Result<(), &'static str> {
    let pod = object.pod();
    let whole = pod.and_then(|pod| pod.spec.get("resources"));
    let lists = whole.into_iter().flat_map(|whole| whole.entries());
    let says = |(_, list): (Node<'_>, Node<'_>)| list.get(resource).is_some();
    match lists.into_iter().any(says) {
        true => Err("the pod states an amount as a whole: complete it there"),
        false => Ok(()),
    }
}

/// So many times an amount, with the suffix that it has; a whole number of the next greater binary suffix is written with that.
fn many(amount: &str, times: u32) -> String {
    let end = amount.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '+');
    let (number, suffix) = amount.split_at(end.unwrap_or(amount.len()));
    let mut number = number.parse::<f64>().unwrap_or_default() * f64::from(times);
    let greater = [("Ki", "Mi"), ("Mi", "Gi"), ("Gi", "Ti")];
    let next = greater.iter().find(|(small, _)| *small == suffix);
    let suffix = match next {
        Some((_, great)) if number >= 1024.0 && number % 1024.0 == 0.0 => {
            number /= 1024.0;
            great
        }
        _ => suffix,
    };
    // The API keeps no more than three decimals of a unit that matters here.
    let text = format!("{number:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text}{suffix}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_their_unit() {
        let shown = [
            ("128Mi", 2, "256Mi"),
            ("1.5Gi", 4, "6Gi"),
            ("0.1", 4, "0.4"),
            ("1e3", 2, "2e3"),
            ("134217728", 1, "134217728"),
            ("100m", 2, "200m"),
            ("512Mi", 2, "1Gi"),
            ("768Mi", 2, "1536Mi"),
        ];
        for (amount, times, wanted) in shown {
            assert_eq!(many(amount, times), wanted);
            assert!(Quantity::parse(wanted).is_some(), "{wanted}");
        }
    }
}
