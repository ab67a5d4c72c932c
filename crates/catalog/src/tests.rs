//! Bad input over the whole catalogue: what an API server refuses, or takes and nobody meant, is a finding or a gap; nothing
//! breaks, and the object behind it in the same file is judged all the same.

use plimsoll_scan::{GapReason, Report, Scan, SourceText};
use plimsoll_snapshot::provenance::Provenance;
use plimsoll_snapshot::target::Target;
use plimsoll_snapshot::version::Minor;

/// Behind each text: it has a finding of its own, which must not be lost.
const NEIGHBOUR: &str = "\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: neighbour}\nspec: {hostPID: true, containers: []}\n";

fn judged(text: &str, complete: bool) -> Report {
    let text = format!("{text}{NEIGHBOUR}");
    let target = Target {
        complete,
        ..Target::new(Minor::NEWEST)
    };
    let scan = Scan::new(crate::all(), target);
    let source = SourceText {
        name: "bad.yaml".into(),
        unit: "bad".into(),
        text: &text,
        provenance: Provenance::Written,
    };
    scan.report(vec![scan.judge(&source)], Vec::new(), Vec::new())
}

/// The report on a text, after what holds for all: no control failed, and the neighbour was judged.
#[track_caller]
fn survived(text: &str, complete: bool) -> Report {
    let report = judged(text, complete);
    let broken = report
        .gaps
        .iter()
        .find(|gap| gap.reason == GapReason::ControlPanicked);
    assert!(broken.is_none(), "{text}: {broken:?}");
    let mut findings = report.findings.iter();
    let neighbour = findings.any(|reported| reported.finding.subject.object.name == "neighbour");
    assert!(neighbour, "{text}: the next object was not judged");
    report
}

/// The text has a gap whose message holds `wanted`.
#[track_caller]
fn is_a_gap(text: &str, wanted: &str) {
    let report = survived(text, false);
    let messages: Vec<_> = report.gaps.iter().map(|gap| gap.message.as_str()).collect();
    assert!(
        messages.iter().any(|message| message.contains(wanted)),
        "{text}: {messages:?}"
    );
}

/// The text has a finding of this control.
#[track_caller]
fn is_found(text: &str, complete: bool, control: &str) {
    let report = survived(text, complete);
    let found: Vec<_> = report
        .findings
        .iter()
        .map(|reported| reported.finding.control.id)
        .collect();
    assert!(found.contains(&control), "{text}: {found:?}");
}

fn role(rules: &str) -> String {
    format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: a}}\nrules: {rules}"
    )
}

fn binding(rest: &str) -> String {
    format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {{name: a}}\n{rest}"
    )
}

fn policy(spec: &str) -> String {
    format!(
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: a, namespace: shop}}\nspec: {spec}"
    )
}

fn pod(container: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {{containers: [{{name: a, image: a, {container}}}]}}"
    )
}

#[test]
fn roles_without_rules_give_nothing_and_broken_rules_are_told() {
    // The API server takes null for no rules at all: a role that nobody has a use for.
    is_found(&role("null"), true, "unused-role");
    is_a_gap(&role("[null]"), "is not a rule with verbs");
    is_a_gap(
        &role("[{apiGroups: [''], resources: [secrets]}]"),
        "is not a rule with verbs",
    );
    is_a_gap(
        &role("[{resources: [secrets], verbs: [list]}]"),
        "apiGroups of its resources",
    );
    is_a_gap(&role("all"), "is not a list");
}

#[test]
fn bindings_to_nothing_are_told() {
    is_a_gap(
        &binding("subjects: [{kind: User, name: ann}]"),
        "a binding with a roleRef",
    );
    is_a_gap(
        &binding("roleRef: {}"),
        "a reference to a Role or ClusterRole",
    );
    let missing = "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: gone}\n\
        subjects: [{kind: User, name: ann}]";
    is_found(&binding(missing), true, "binding-without-role");
}

#[test]
fn subjects_of_unknown_kinds_are_told() {
    let rest = "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\n\
        subjects: [{kind: Robot, name: ann}]";
    is_a_gap(&binding(rest), "a User, Group or ServiceAccount");
}

#[test]
fn selectors_ranges_and_ports_that_do_not_parse_are_told() {
    let near = "{podSelector: {matchExpressions: [{key: app, operator: Near, values: [web]}]}}";
    is_a_gap(&policy(near), "operator In, NotIn, Exists or DoesNotExist");
    let egress = |peer: &str, port: &str| {
        format!(
            "{{podSelector: {{}}, policyTypes: [Egress], egress: [{{to: [{peer}], ports: [{{port: {port}}}]}}]}}"
        )
    };
    for range in ["10.0.0.0/33", "300.0.0.0/8", "10.0.0.0", "everything"] {
        let peer = format!("{{ipBlock: {{cidr: {range}}}}}");
        is_a_gap(&policy(&egress(&peer, "80")), "a range of addresses");
    }
    for port in ["'80'", "0", "65536", "true"] {
        is_a_gap(
            &policy(&egress("{podSelector: {}}", port)),
            "a port: a number",
        );
    }
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: NodePort, ports: [{port: '80'}]}";
    is_a_gap(service, "a port number");
    is_a_gap(
        &pod("ports: [{containerPort: 80, hostPort: '80'}]"),
        "a whole number",
    );
    for port in ["'80'", "0", "65536", "http"] {
        is_a_gap(
            &pod(&format!("ports: [{{containerPort: {port}}}]")),
            "a port number",
        );
    }
}

#[test]
fn amounts_that_nobody_meant_are_told() {
    let limit = |amount: &str| pod(&format!("resources: {{limits: {{memory: {amount}}}}}"));
    is_a_gap(&limit("two"), "a quantity such as");
    is_a_gap(&limit("1 Gi"), "a quantity such as");
    is_found(&limit("100m"), false, "memory-amount-fractional");
    is_a_gap(
        &pod("resources: {requests: {memory: two}}"),
        "a quantity such as",
    );
    is_a_gap(
        &pod("resources: {limits: {cpu: 1, gpu: x}}"),
        "a quantity such as",
    );
    is_a_gap(&pod("resources: {limits: 5}"), "amounts by resource");
    // The API server takes null among amounts for zero.
    let quota = "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: a}\nspec: {hard: {limits.memory: null}}";
    assert!(survived(quota, false).gaps.is_empty());
    // An exponent is a way to write a number: a limit like any other.
    let report = survived(&limit("1e3"), false);
    assert!(report.gaps.is_empty(), "{:?}", report.gaps);
    let mut found = report
        .findings
        .iter()
        .filter(|reported| reported.finding.subject.object.name == "a");
    assert!(found.all(|reported| reported.finding.control.id != "memory-limit-missing"));
}

#[test]
fn flags_count_as_the_program_takes_them() {
    let server = |flags: &str| pod(&format!("command: [kube-apiserver, {flags}]"));
    let open = "anonymous-api-requests";
    // Of a flag that is given twice the last counts; a switch needs no value, and takes none behind a space.
    is_found(
        &server("--anonymous-auth=false, --anonymous-auth"),
        false,
        open,
    );
    is_found(
        &server("--anonymous-auth=false, --anonymous_auth=true"),
        false,
        open,
    );
    is_found(&server("--anonymous-auth, 'false'"), false, open);
    let report = survived(
        &server("--anonymous-auth=true, --anonymous-auth=false"),
        false,
    );
    assert!(
        report
            .findings
            .iter()
            .all(|reported| reported.finding.control.id != open)
    );
    is_a_gap(&server("--anonymous-auth=perhaps"), "true or false");
    is_found(
        &server("--audit-policy-file, /a, --audit-log-path, ''"),
        false,
        "audit-log-missing",
    );
}

#[test]
fn settings_that_a_script_or_a_variable_gives_are_not_assessed() {
    let told = |command: &str| {
        let report = survived(&pod(&format!("command: {command}")), false);
        let open = report.not_assessed.iter();
        let open = open.filter(|open| open.reason.contains("script or a variable"));
        let of = |control: &str| open.clone().any(|open| open.control == control);
        (of("anonymous-api-requests"), of("audit-log-missing"))
    };
    let script = |script: &str| told(&format!("[/bin/sh, -c, '{script}']"));
    assert_eq!(
        script("ulimit -n 9; X=1 exec /usr/bin/kube-apiserver --v=2"),
        (true, true)
    );
    assert_eq!(script("kube-scheduler --v=2"), (false, false));
    assert_eq!(
        script("cp /etc/kube-apiserver /tmp; echo kube-apiserver"),
        (false, false)
    );
    assert_eq!(
        told("[kube-apiserver, --anonymous-auth=$(X)]"),
        (true, false)
    );
    assert_eq!(
        told("[kube-apiserver, --anonymous-auth=true]"),
        (false, false)
    );
}

#[test]
fn a_flag_of_etcd_counts_more_than_its_variable() {
    let flags = "--peer-client-cert-auth, --trusted-ca-file=/a, --peer-trusted-ca-file=/a";
    let etcd = pod(&format!(
        "command: [etcd, --client-cert-auth=false, {flags}], \
         env: [{{name: ETCD_CLIENT_CERT_AUTH, valueFrom: {{configMapKeyRef: {{name: a, key: b}}}}}}]"
    ));
    is_found(&etcd, false, "etcd-clients-not-authenticated");
}

#[test]
fn settings_of_an_unknown_version_are_told() {
    for (api_version, kind) in [
        ("kubelet.config.k8s.io/v9", "KubeletConfiguration"),
        ("kubeadm.k8s.io/v9", "ClusterConfiguration"),
        ("apiserver.config.k8s.io/v9", "EncryptionConfiguration"),
        ("apiserver.config.k8s.io/v9", "AuthenticationConfiguration"),
    ] {
        let text = format!("apiVersion: {api_version}\nkind: {kind}");
        is_a_gap(&text, "a version of this kind that is known here");
    }
}
