//! Shapes of input that grow with one number, each aimed at a loop that could be quadratic. Bytes grow as the number does.

use crate::bench::SCAN;

/// A shape of input.
pub(super) struct Shape {
    pub(super) name: &'static str,
    /// How large it is measured first; then twice as large.
    pub(super) n: usize,
    /// Paths and texts.
    pub(super) files: fn(usize) -> Vec<(String, String)>,
    /// What is done with them.
    pub(super) command: &'static [&'static str],
}

pub(super) const fn shape(
    name: &'static str,
    n: usize,
    files: fn(usize) -> Vec<(String, String)>,
) -> Shape {
    Shape {
        name,
        n,
        files,
        command: SCAN,
    }
}

/// A shape that is fixed instead of scanned.
const fn fixed(name: &'static str, n: usize, files: fn(usize) -> Vec<(String, String)>) -> Shape {
    let command = &["fix", "--format", "json"];
    Shape {
        command,
        ..shape(name, n, files)
    }
}

/// Every run costs this much.
pub(super) const NOTHING: Shape = shape("nothing", 1, |_| one(config_map("a: b\n")));

/// In the order of the way through the program: text, tree, object, all objects, report.
pub(super) static SHAPES: &[Shape] = &[
    shape("empty-documents", 50_000, |n| one("---\n".repeat(n))),
    shape("documents", 500, |n| {
        let each = |number| format!("---\n{}", named_config_map(number));
        one((0..n).map(each).collect())
    }),
    shape("comments", 20_000, |n| {
        one(config_map("") + &"  # nothing\n".repeat(n))
    }),
    shape("flow-nesting", 4_500, |n| {
        one(config_map(&format!(
            "a: {}{}\n",
            "[".repeat(n),
            "]".repeat(n)
        )))
    }),
    shape("flow-mappings", 4_500, |n| {
        one(config_map(&format!(
            "a: {}b{}\n",
            "{a: ".repeat(n),
            "}".repeat(n)
        )))
    }),
    shape("open-brackets", 200_000, |n| {
        one(config_map(&format!("a: {}\n", "[".repeat(n))))
    }),
    shape("block-nesting", 4_500, |n| {
        one(config_map(&format!("a:\n  {}b\n", "- ".repeat(n))))
    }),
    shape("long-line", 20_000, |n| {
        one(config_map(&format!("a: [{}]\n", "b, ".repeat(n))))
    }),
    shape("json", 5_000, |n| {
        let pairs: Vec<String> = (0..n).map(|n| format!("\"k{n}\":\"v\"")).collect();
        let data = pairs.join(",");
        one(format!(
            "{{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{{\"name\":\"a\"}},\"data\":{{{data}}}}}"
        ))
    }),
    shape("quoted-scalar", 400_000, |n| {
        one(config_map(&format!("a: \"{}\"\n", "b ".repeat(n / 2))))
    }),
    shape("escaped-scalar", 100_000, |n| {
        one(config_map(&format!("a: \"{}\"\n", "\\n".repeat(n))))
    }),
    shape("folded-scalar", 20_000, |n| {
        one(config_map(&format!("a: >\n{}", "    b\n\n".repeat(n))))
    }),
    shape("literal-scalar", 20_000, |n| {
        one(config_map(&format!("a: |\n{}", "    b = c: d\n".repeat(n))))
    }),
    shape("tokens", 20_000, |n| {
        one(config_map(&format!("a: {}\n", "AKIA".repeat(n))))
    }),
    shape("keys", 5_000, |n| {
        one(config_map(
            &(0..n).map(|n| format!("  k{n}: v\n")).collect::<String>(),
        ))
    }),
    shape("duplicate-keys", 2_000, |n| {
        one(config_map(&"  k: v\n".repeat(n)))
    }),
    shape("aliases", 5_000, |n| {
        one(config_map(&format!(
            "a: &a [b]\n  c: [{}]\n",
            "*a, ".repeat(n)
        )))
    }),
    shape("anchors", 2_000, |n| {
        let each = |n| format!("  a{n}: &a{n} x\n  b{n}: *a{n}\n");
        one(config_map(&(0..n).map(each).collect::<String>()))
    }),
    shape("nested-lists", 500, |n| {
        let list = "{apiVersion: v1, kind: List, items: [";
        let pod = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: b}]}}";
        one(format!("{}{pod}{}\n", list.repeat(n), "]}".repeat(n)))
    }),
    shape("containers", 200, |n| {
        let each = |n| format!("    - name: c{n}\n      image: a/b\n");
        one(pod("a", &(0..n).map(each).collect::<String>()))
    }),
    shape("containers-on-a-line", 200, |n| {
        let each: Vec<String> = (0..n)
            .map(|n| format!("{{name: c{n}, image: a/b}}"))
            .collect();
        one(format!(
            "{{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {{containers: [{}]}}}}\n",
            each.join(", ")
        ))
    }),
    shape("waivers", 200, |n| {
        let each = |n| {
            format!(
                "    - name: c{n}\n      image: a/b\n      securityContext:\n        privileged: true # plimsoll: allow privileged-container: why\n"
            )
        };
        one(pod("a", &(0..n).map(each).collect::<String>()))
    }),
    shape("one-namespace", 50, |n| {
        one((0..n).map(|n| related(n, "all")).collect())
    }),
    shape("many-namespaces", 50, |n| {
        one((0..n).map(|n| related(n, &format!("ns{n}"))).collect())
    }),
    shape("everything-matches", 200, |n| {
        one((0..n).map(matching).collect())
    }),
    fixed("fix-list", 50, |n| {
        let each = |n| {
            format!(
                "- {}",
                listed_pod(n).trim_start().replace('\n', "\n  ").trim_end()
            ) + "\n"
        };
        let items: String = (0..n).map(each).collect();
        one(format!("apiVersion: v1\nkind: List\nitems:\n{items}"))
    }),
    fixed("fix-documents", 50, |n| {
        one((0..n).map(|n| format!("---\n{}", listed_pod(n))).collect())
    }),
    fixed("fix-line", 50, |n| {
        let each = |n| {
            format!(
                "{{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{{\"name\":\"p{n}\"}},\"spec\":{{\"containers\":[{{\"name\":\"a\",\"image\":\"a/b\",\"securityContext\":{{\"privileged\":true}}}}]}}}}"
            )
        };
        let items: Vec<String> = (0..n).map(each).collect();
        one(format!(
            "{{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{}]}}",
            items.join(",")
        ))
    }),
    fixed("fix-containers", 50, |n| {
        let each = |n| {
            format!(
                "    - name: c{n}\n      image: a/b\n      securityContext: {{privileged: true}}\n"
            )
        };
        one(pod("a", &(0..n).map(each).collect::<String>()))
    }),
    shape("folders", 200, |n| {
        (0..n)
            .map(|n| (format!("env{n}/a.yaml"), config_map("a: b\n")))
            .collect()
    }),
    shape("chart-unmarked", 5_000, |n| {
        chart("{{ include \"lines\" . }}\n", &lines(n))
    }),
    shape("chart-apart", 5_000, |n| chart(APART, &lines(n))),
    shape("chart-templates", 50, |n| {
        let template = |n| (format!("templates/a{n}.yaml"), named_config_map(n));
        let files = (0..n).map(template);
        files.chain([CHART.map(str::to_owned).into()]).collect()
    }),
];

const CHART: [&str; 2] = ["Chart.yaml", "apiVersion: v2\nname: a\nversion: 1.0.0\n"];

/// Prints other lines when templates are marked: it counts the `#` in what they print.
const APART: &str = "\
{{ include \"lines\" . }}
{{- range until (len (splitList \"#\" (include (print $.Template.BasePath \"/b.yaml\") .))) }}
  x{{ . }}: y
{{- end }}
{{ include \"lines\" . | replace \"k\" \"l\" }}
";

/// A chart with one ConfigMap that the template `data` fills, and `lines` to include.
fn chart(data: &str, lines: &str) -> Vec<(String, String)> {
    let [name, text] = CHART;
    let helper = format!("{{{{ define \"lines\" }}}}{lines}{{{{ end }}}}");
    [
        (name, text.to_owned()),
        ("templates/_lines.tpl", helper),
        ("templates/a.yaml", config_map("z: z\n") + data),
        ("templates/b.yaml", config_map("a: b\n")),
    ]
    .map(|(name, text)| (name.to_owned(), text))
    .into()
}

fn lines(n: usize) -> String {
    (0..n).map(|n| format!("\n  k{n}: v")).collect()
}

pub(super) fn one(text: String) -> Vec<(String, String)> {
    vec![("a.yaml".to_owned(), text)]
}

/// A ConfigMap with these entries; the first line needs no indentation.
fn config_map(data: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  {}\n",
        data.trim_start()
    )
}

fn named_config_map(number: usize) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c{number}}}\ndata: {{a: b}}\n")
}

/// A pod with much to fix.
fn listed_pod(number: usize) -> String {
    let container =
        "    - name: a\n      image: a/b\n      securityContext:\n        privileged: true\n";
    pod(&format!("p{number}"), container)
}

fn pod(name: &str, containers: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:\n  containers:\n{containers}"
    )
}

const ADMISSION: &str = "admissionregistration.k8s.io";

/// One object of each kind that is judged together with others.
fn related(number: usize, namespace: &str) -> String {
    let meta = format!(
        "metadata: {{name: x{number}, namespace: {namespace}, labels: {{app: x{number}}}}}"
    );
    let rbac = "rbac.authorization.k8s.io";
    let objects = [
        format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: {namespace}}}\n"),
        format!("apiVersion: v1\nkind: ServiceAccount\n{meta}\n"),
        format!(
            "apiVersion: {rbac}/v1\nkind: Role\n{meta}\nrules: [{{apiGroups: [''], resources: [secrets], verbs: [get]}}]\n"
        ),
        format!(
            "apiVersion: {rbac}/v1\nkind: RoleBinding\n{meta}\nroleRef: {{apiGroup: {rbac}, kind: Role, name: x{number}}}\nsubjects: [{{kind: ServiceAccount, name: x{number}, namespace: {namespace}}}]\n"
        ),
        format!(
            "apiVersion: {rbac}/v1\nkind: ClusterRole\n{meta}\nrules: [{{apiGroups: [''], resources: [pods], verbs: [list]}}]\n"
        ),
        format!(
            "apiVersion: {rbac}/v1\nkind: ClusterRoleBinding\n{meta}\nroleRef: {{apiGroup: {rbac}, kind: ClusterRole, name: x{number}}}\nsubjects: [{{kind: ServiceAccount, name: x{number}, namespace: {namespace}}}]\n"
        ),
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n{meta}\nspec: {{podSelector: {{matchLabels: {{app: x{number}}}}}, policyTypes: [Ingress]}}\n"
        ),
        format!(
            "apiVersion: v1\nkind: Service\n{meta}\nspec: {{selector: {{app: x{number}}}, ports: [{{port: 80}}]}}\n"
        ),
        format!(
            "apiVersion: v1\nkind: LimitRange\n{meta}\nspec: {{limits: [{{type: Container, default: {{cpu: 1}}}}]}}\n"
        ),
        format!("apiVersion: v1\nkind: ResourceQuota\n{meta}\nspec: {{hard: {{pods: 9}}}}\n"),
        format!(
            "apiVersion: {ADMISSION}/v1\nkind: ValidatingAdmissionPolicy\n{meta}\nspec: {{matchConstraints: {{resourceRules: [{{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}}]}}, validations: [{{expression: \"object.spec.containers.all(c, has(c.image))\"}}]}}\n"
        ),
        format!(
            "apiVersion: {ADMISSION}/v1\nkind: ValidatingAdmissionPolicyBinding\n{meta}\nspec: {{policyName: x{number}, validationActions: [Deny], matchResources: {{namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {namespace}}}}}}}}}\n"
        ),
        format!(
            "apiVersion: v1\nkind: Pod\n{meta}\nspec: {{serviceAccountName: x{number}, containers: [{{name: a, image: b}}]}}\n"
        ),
    ];
    objects.map(|object| format!("---\n{object}")).concat()
}

/// One object of each kind that relates to others, and to every other one of these.
fn matching(number: usize) -> String {
    let meta = format!("metadata: {{name: x{number}, namespace: all, labels: {{app: same}}}}");
    let rbac = "rbac.authorization.k8s.io";
    let account = "subjects: [{kind: ServiceAccount, name: x0, namespace: all}]";
    let objects = [
        format!("apiVersion: v1\nkind: ServiceAccount\n{meta}\n"),
        format!(
            "apiVersion: {rbac}/v1\nkind: Role\n{meta}\nrules: [{{apiGroups: [''], resources: [secrets], verbs: [get]}}]\n"
        ),
        format!(
            "apiVersion: {rbac}/v1\nkind: RoleBinding\n{meta}\nroleRef: {{apiGroup: {rbac}, kind: Role, name: x0}}\n{account}\n"
        ),
        format!(
            "apiVersion: {rbac}/v1\nkind: ClusterRoleBinding\n{meta}\nroleRef: {{apiGroup: {rbac}, kind: ClusterRole, name: admin}}\n{account}\n"
        ),
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n{meta}\nspec: {{podSelector: {{}}, policyTypes: [Ingress]}}\n"
        ),
        format!(
            "apiVersion: v1\nkind: Service\n{meta}\nspec: {{selector: {{app: same}}, ports: [{{port: 80}}]}}\n"
        ),
        format!(
            "apiVersion: v1\nkind: LimitRange\n{meta}\nspec: {{limits: [{{type: Container, default: {{cpu: 1}}}}]}}\n"
        ),
        format!("apiVersion: v1\nkind: ResourceQuota\n{meta}\nspec: {{hard: {{pods: 9}}}}\n"),
        format!(
            "apiVersion: v1\nkind: Pod\n{meta}\nspec: {{serviceAccountName: x0, containers: [{{name: a, image: b}}]}}\n"
        ),
    ];
    objects.map(|object| format!("---\n{object}")).concat()
}
