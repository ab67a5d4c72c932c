//! What is there already decides: quotas and bounds from workloads, labels from PodSecurityPolicies.

use plimsoll_generate::{Request, RequestError, Text, Tier, find};
use plimsoll_snapshot::version::Minor;

use crate::asked::{MIDDLE_POLICY, OPEN_POLICY, STRICT_POLICY, WORKLOADS};

fn generate(kind: &str, option: Option<Tier>, texts: &[&str]) -> Result<String, RequestError> {
    let texts = texts.iter().map(|text| Text {
        name: "given.yaml".to_owned(),
        text: (*text).to_owned(),
    });
    let request = Request {
        option,
        from: Some(texts.collect()),
        ..Request::new(Minor::NEWEST)
    };
    find(kind).unwrap().generate(&request)
}

/// web: 10 pods by its autoscaler and 3 more while rolling; 500m while it starts, 356m afterwards would be less; memory
/// 256Mi + 32Mi. db: 2 pods of 100m (not stated) and 8Gi.
#[test]
fn a_quota_is_what_the_workloads_ask_for_and_some_room() {
    let text = generate("resourcequota", Some(Tier::Recommended), &[WORKLOADS]).unwrap();
    assert!(text.contains("  namespace: shop\n"), "{text}");
    assert!(
        text.contains("#   Deployment web: 13 x (cpu 500m, memory 288Mi)\n"),
        "{text}"
    );
    assert!(
        text.contains("#   StatefulSet db: 2 x (cpu 100m, memory 8Gi)\n"),
        "{text}"
    );
    assert!(
        text.contains("# 150 % of what was read: 2 workloads in 1 file, without 1 document that does not parse."),
        "{text}"
    );
    // (13 x 500 + 2 x 100) x 1.5, and (13 x 288Mi + 16Gi) x 1.5 rounded up to a quarter of a Gi.
    assert!(text.contains("    requests.cpu: 10050m\n"), "{text}");
    assert!(text.contains("    requests.memory: 30208Mi\n"), "{text}");
    assert!(text.contains("    pods: \"23\"\n"), "{text}");
    assert!(
        text.contains("    persistentvolumeclaims: \"5\"\n"),
        "{text}"
    );
    assert!(text.contains("    requests.storage: 330Gi\n"), "{text}");
}

#[test]
fn less_room_with_a_stricter_option() {
    let cpu = |tier| {
        let text = generate("resourcequota", Some(tier), &[WORKLOADS]).unwrap();
        let (_, rest) = text.split_once("requests.cpu: ").unwrap();
        rest.lines().next().unwrap().to_owned()
    };
    assert_eq!(Tier::ALL.map(cpu), ["13400m", "10050m", "8050m"]);
}

#[test]
fn nothing_that_is_there_is_refused_by_the_bounds() {
    let text = generate("limitrange", Some(Tier::Strict), &[WORKLOADS]).unwrap();
    assert!(text.contains("        memory: 8Gi\n"), "{text}");
    assert!(text.contains("        storage: 100Gi\n"), "{text}");
}

fn pod(resources: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: a, namespace: shop}}\nspec: {{containers: [{{name: a, resources: {resources}}}]}}\n"
    )
}

/// The API server refuses a request above the default limit, and one below the minimum.
#[test]
fn a_request_without_a_limit_and_a_small_one_still_fit() {
    let large = pod("{requests: {memory: 1Gi, cpu: 800m}}");
    let text = generate("limitrange", None, &[&large]).unwrap();
    let (_, default) = text.split_once("      default:\n").unwrap();
    assert!(
        default.contains("        cpu: 800m\n        memory: 1Gi\n"),
        "{text}"
    );
    let small = pod("{requests: {memory: 8Mi, cpu: 1m}, limits: {memory: 8Mi}}");
    let text = generate("limitrange", None, &[&small]).unwrap();
    let (_, min) = text.split_once("      min:\n").unwrap();
    assert!(
        min.starts_with("        cpu: 1m\n        memory: 8Mi\n"),
        "{text}"
    );
}

/// Overlays hold the same workload again.
#[test]
fn a_workload_in_several_files_counts_once_as_its_largest() {
    let base = pod("{requests: {cpu: 300m}}");
    let overlay = pod("{requests: {cpu: 200m, memory: 1Gi}}");
    let text = generate("resourcequota", None, &[&base, &overlay]).unwrap();
    assert!(text.contains("1 workload in 2 files"), "{text}");
    assert!(
        text.contains("#   Pod a: 1 x (cpu 300m, memory 1Gi)\n"),
        "{text}"
    );
}

#[test]
fn several_namespaces_or_none_are_told() {
    let two = format!("{WORKLOADS}\n---\n{}", WORKLOADS.replace("shop", "bank"));
    let error = generate("resourcequota", None, &[&two])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("(bank, shop): choose one with --namespace"),
        "{error}"
    );
    let error = generate("resourcequota", None, &["a: b\n"])
        .unwrap_err()
        .to_string();
    assert!(error.contains("there is no workload"), "{error}");
}

#[test]
fn the_level_is_the_strictest_that_refuses_nothing() {
    let level = |texts: &[&str]| {
        let text = generate("psp-to-psa", None, texts).unwrap();
        let (_, rest) = text
            .split_once("pod-security.kubernetes.io/enforce: ")
            .unwrap();
        rest.lines().next().unwrap().to_owned()
    };
    assert_eq!(level(&[STRICT_POLICY]), "restricted");
    assert_eq!(level(&[MIDDLE_POLICY]), "baseline");
    assert_eq!(level(&[OPEN_POLICY]), "privileged");
    assert_eq!(level(&[STRICT_POLICY, MIDDLE_POLICY]), "baseline");
}

/// Each switch of a policy alone, off its strictest value, costs the level that forbids what it lets through.
#[test]
fn each_switch_decides_by_itself() {
    for (from, to, level) in [
        ("privileged: false", "privileged: true", "privileged"),
        ("hostPID: false", "hostPID: true", "privileged"),
        ("hostIPC: false", "hostIPC: true", "privileged"),
        ("hostNetwork: false", "hostNetwork: true", "privileged"),
        (
            "  privileged: false",
            "  hostPorts: [{min: 80, max: 80}]",
            "privileged",
        ),
        ("[configMap,", "[hostPath,", "privileged"),
        ("[configMap,", "['*',", "privileged"),
        (
            "  privileged: false",
            "  allowedCapabilities: [NET_ADMIN]",
            "privileged",
        ),
        (
            "  privileged: false",
            "  defaultAddCapabilities: [SYS_ADMIN]",
            "privileged",
        ),
        (
            "  privileged: false",
            "  allowedProcMountTypes: [Unmasked]",
            "privileged",
        ),
        (
            "  privileged: false",
            "  allowedUnsafeSysctls: [net.*]",
            "privileged",
        ),
        ("MustRunAsNonRoot", "RunAsAny", "baseline"),
        ("  allowPrivilegeEscalation: false\n", "", "baseline"),
        ("[ALL]", "[KILL]", "baseline"),
        (
            "  privileged: false",
            "  allowedCapabilities: [CHOWN]",
            "baseline",
        ),
        ("[configMap,", "[nfs,", "baseline"),
        ("docker/default,runtime/default", "*", "baseline"),
        (
            "  privileged: false",
            "  allowedCapabilities: [NET_BIND_SERVICE]",
            "restricted",
        ),
    ] {
        let changed = STRICT_POLICY.replacen(from, to, 1);
        assert_ne!(changed, STRICT_POLICY, "{from}");
        let text = generate("psp-to-psa", None, &[&changed]).unwrap();
        assert!(
            text.contains(&format!("pod-security.kubernetes.io/enforce: {level}\n")),
            "{from} -> {to}: {text}"
        );
    }
}

/// A policy that is overlooked would make the labels too strict.
#[test]
fn policies_that_cannot_be_read_are_told() {
    let broken = format!("{STRICT_POLICY}---\nkind: [PodSecurityPolicy\n");
    let error = generate("psp-to-psa", None, &[&broken])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("given.yaml: 1 documents do not parse"),
        "{error}"
    );
}

#[test]
fn what_labels_cannot_do_is_said_or_done() {
    let strict = generate("psp-to-psa", None, &[STRICT_POLICY]).unwrap();
    assert!(
        strict.contains("kind: ValidatingAdmissionPolicy\n"),
        "{strict}"
    );
    for part in [
        "c.securityContext.readOnlyRootFilesystem",
        "runAsGroup >= 1",
        "fsGroup <= 65535",
        "supplementalGroups.all(g, (g >= 1 && g <= 65535))",
    ] {
        assert!(strict.contains(part), "{part}: {strict}");
    }
    let middle = generate("psp-to-psa", None, &[MIDDLE_POLICY]).unwrap();
    for part in [
        "allowedHostPaths",
        "volume drivers",
        "runtime classes",
        "forbiddenSysctls",
        "(object.spec.securityContext.fsGroup >= 20 && object.spec.securityContext.fsGroup <= 30)",
    ] {
        assert!(middle.contains(part), "{part}: {middle}");
    }
    // A pod that one of the policies would have let through is not refused.
    let both = generate("psp-to-psa", None, &[STRICT_POLICY, OPEN_POLICY]).unwrap();
    assert!(!both.contains("ValidatingAdmissionPolicy\n"), "{both}");
}

/// A name with line ends and control characters stays within its comment.
#[test]
fn a_hostile_name_stays_in_its_comment() {
    let text = generate("psp-to-psa", None, &[OPEN_POLICY]).unwrap();
    assert!(
        text.contains("# PodSecurityPolicy open??[31mkind: Pod: privileged\n"),
        "{text}"
    );
    assert!(!text.contains('\u{1b}') && !text.contains("\nkind: Pod\n"));
}
