//! What the fields of the API hold: words of the API itself, which are kept, or somebody's own. A field that is not named here
//! holds somebody's own.

/// What is kept of a text.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Keep {
    /// All of it: these words are the API's.
    All,
    /// Only whether it says anything, as base64.
    Presence,
    /// The form of a reference of an image.
    Image,
    /// Words that are general, and steps of paths.
    Steps,
    /// The key of a label without its domain.
    Key,
    /// Words that are general.
    Words,
}

/// Fields with words of the API, or that some control compares with such, wherever they stand.
const OF_THE_API: &[&str] = &[
    "accessModes",
    "action",
    "add",
    "allowed-unsafe-sysctls",
    "allowedUnsafeSysctls",
    "admissionReviewVersions",
    "apiGroup",
    "apiGroups",
    "apiVersion",
    "apiVersions",
    "appArmorProfile",
    "appProtocol",
    "completionMode",
    "concurrencyPolicy",
    "divisor",
    "dnsPolicy",
    "drop",
    "effect",
    "externalTrafficPolicy",
    "failurePolicy",
    "group",
    "hostUsers",
    "imagePullPolicy",
    "internalTrafficPolicy",
    "ipFamilies",
    "ipFamilyPolicy",
    "kind",
    "matchPolicy",
    "medium",
    "mode",
    "mountPropagation",
    "nonResourceURLs",
    "operations",
    "operator",
    "parameterNotFoundAction",
    "pathType",
    "persistentVolumeReclaimPolicy",
    "policyTypes",
    "preemptionPolicy",
    "procMount",
    "protocol",
    "reinvocationPolicy",
    "resource",
    "resources",
    "restartPolicy",
    "schedule",
    "scheme",
    "scope",
    "scopeName",
    "scopes",
    "sessionAffinity",
    "sideEffects",
    "sizeLimit",
    "supplementalGroupsPolicy",
    "terminationMessagePolicy",
    "tier",
    "timeZone",
    "type",
    "validationActions",
    "verbs",
    "volumeMode",
    "whenUnsatisfiable",
];

/// Fields that hold fields of the API or quantities, with everything below them.
const HOLDERS: &[&str] = &[
    "capacity",
    "default",
    "defaultRequest",
    "hard",
    "limits",
    "max",
    "maxLimitRequestRatio",
    "min",
    "requests",
    "seLinuxOptions",
    "strategy",
    "sysctls",
    "updateStrategy",
];

/// Fields with paths.
const PATHS: &[&str] = &[
    "devicePath",
    "hostPath",
    "localhostProfile",
    "mountPath",
    "path",
    "pathPrefix",
    "socketPath",
    "subPath",
    "subPathExpr",
    "terminationMessagePath",
    "volumePath",
    "workingDir",
];

/// Maps whose keys are labels, whatever they are called.
const LABELS: &[&str] = &["labels", "matchLabels", "nodeSelector", "selector"];

/// What is kept of a text below a key, which stands below another one.
pub(super) fn keep(key: &str, above: &str) -> Keep {
    if LABELS.contains(&above) {
        return Keep::Words;
    }
    let is_named_by_kubernetes = key == "name" && matches!(above, "os" | "sysctls");
    if OF_THE_API.contains(&key)
        || HOLDERS.contains(&above)
        || HOLDERS.contains(&key)
        || is_named_by_kubernetes
    {
        return Keep::All;
    }
    match key {
        "caBundle" => Keep::Presence,
        "image" => Keep::Image,
        // Of a ConfigMap or a Secret.
        "key" if matches!(above, "configMapKeyRef" | "items" | "secretKeyRef") => Keep::Steps,
        "key" | "topologyKey" => Keep::Key,
        _ if PATHS.contains(&key) => Keep::Steps,
        _ => Keep::Words,
    }
}

/// Is it a domain of Kubernetes, or ours?
pub(super) fn is_well_known(domain: &str) -> bool {
    // Of a quota: `count/pods`.
    if domain == "count" {
        return true;
    }
    let is_below = |top: &str| {
        domain == top
            || domain
                .strip_suffix(top)
                .is_some_and(|before| before.ends_with('.'))
    };
    ["kubernetes.io", "k8s.io", "plimsoll.dev"]
        .into_iter()
        .any(is_below)
}

/// Settings and flags of Kubernetes' own programs that name somebody or something.
const NAMES: &[&str] = &[
    "audiences",
    "certSANs",
    "cluster-domain",
    "cluster-name",
    "clusterDomain",
    "clusterName",
    "controlPlaneEndpoint",
    "dnsDomain",
    "expression",
    "external-hostname",
    "hostname-override",
    "hostnameOverride",
    "imageRepository",
    "initial-cluster",
    "initial-cluster-token",
    "leader-elect-resource-name",
    "leader-elect-resource-namespace",
    "message",
    "namespaces",
    "node-labels",
    "nodeName",
    "oidc-client-id",
    "oidc-groups-claim",
    "oidc-groups-prefix",
    "oidc-required-claim",
    "oidc-username-claim",
    "oidc-username-prefix",
    "prefix",
    "provider-id",
    "providerID",
    "resourceNames",
    "runtimeClasses",
    "schedulerName",
    "server",
    "tls-sni-cert-key",
    "userGroups",
    "usernames",
    "users",
];
/// What has a name that its owner chose. Names of plugins and of extra arguments are the program's.
const NAMED: &[&str] = &["authorizers", "keys", "kms", "nodeRegistration"];

/// Does a setting below these keys, or behind this flag, name somebody or something?
pub(super) fn names_somebody(key: &str, above: &str) -> bool {
    match key {
        // A flag of etcd is called so, too, and stands below nothing.
        "name" => above.is_empty() || NAMED.contains(&above),
        _ => NAMES.contains(&key),
    }
}
