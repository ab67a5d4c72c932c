//! Where the API keeps pods: the resources that a policy on pods matches, and the expression that leads from any of them to
//! the pod's `spec`.

/// Resources with a pod or a pod template, by API group.
pub(crate) const RESOURCES: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "pods",
            // A rule for pods alone would not see containers that are added to a running pod.
            "pods/ephemeralcontainers",
            "podtemplates",
            "replicationcontrollers",
        ],
    ),
    (
        "apps",
        &["daemonsets", "deployments", "replicasets", "statefulsets"],
    ),
    ("batch", &["cronjobs", "jobs"]),
];

/// The pod's `spec` within `object`, which is `object` or `oldObject`.
pub(crate) fn spec(object: &str) -> String {
    format!(
        "{object}.kind == \"Pod\" ? {object}.spec :\n\
         {object}.kind == \"CronJob\" ? {object}.spec.jobTemplate.spec.template.spec :\n\
         {object}.kind == \"PodTemplate\" ? {object}.template.spec :\n\
         {object}.spec.template.spec"
    )
}

/// Does the request change a pod? Updates of labels or status cannot bring a new fault.
pub(crate) const CHANGES_POD: &str = "request.operation == \"CREATE\" ||\n\
     (object.kind == \"PodTemplate\" ? object.template != oldObject.template : object.spec != oldObject.spec)";

/// All containers of the variable `spec`.
pub(crate) fn containers(spec: &str) -> String {
    let list = |key: &str| format!("(has({spec}.{key}) ? {spec}.{key} : [])");
    [
        list("containers"),
        list("initContainers"),
        list("ephemeralContainers"),
    ]
    .join(" +\n")
}

/// The pod's annotations within `object`; empty where there are none.
pub(crate) fn annotations(object: &str) -> String {
    let of = |holder: &str| {
        format!(
            "(has({holder}.metadata) && has({holder}.metadata.annotations) ? {holder}.metadata.annotations : {{}})"
        )
    };
    format!(
        "{object}.kind == \"Pod\" ? {} :\n\
         {object}.kind == \"CronJob\" ? {} :\n\
         {object}.kind == \"PodTemplate\" ? {} :\n\
         {}",
        of(object),
        of(&format!("{object}.spec.jobTemplate.spec.template")),
        of(&format!("{object}.template")),
        of(&format!("{object}.spec.template")),
    )
}

/// Where the API keeps a pod.
pub(crate) struct Shape {
    /// Holds for objects of these kinds.
    pub(crate) is: &'static str,
    /// The keys that lead to the pod's `spec`.
    pub(crate) keys: &'static [&'static str],
    /// Is it a pod itself, whose containers cannot be changed once they are there?
    pub(crate) is_pod: bool,
}

/// One for each place; exactly one holds for an object.
pub(crate) const SHAPES: &[Shape] = &[
    Shape {
        is: "object.kind == \"Pod\"",
        keys: &["spec"],
        is_pod: true,
    },
    Shape {
        is: "object.kind == \"CronJob\"",
        keys: &["spec", "jobTemplate", "spec", "template", "spec"],
        is_pod: false,
    },
    Shape {
        is: "object.kind == \"PodTemplate\"",
        keys: &["template", "spec"],
        is_pod: false,
    },
    Shape {
        is: "!(object.kind in [\"Pod\", \"CronJob\", \"PodTemplate\"])",
        keys: &["spec", "template", "spec"],
        is_pod: false,
    },
];

/// The JSON pointer of what has the pod's metadata.
pub(crate) const TEMPLATE: &str = "object.kind == \"Pod\" ? \"\" :\n\
     object.kind == \"CronJob\" ? \"/spec/jobTemplate/spec/template\" :\n\
     object.kind == \"PodTemplate\" ? \"/template\" :\n\
     \"/spec/template\"";
