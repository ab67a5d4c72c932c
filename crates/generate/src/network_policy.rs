//! Network policies that close a namespace and open what is named (appendix E). `kube-system` gets policies of its own.

use plimsoll_guide::{APX_E, CLD_01, NET_07, NET_08, NET_10, SIG_29, SIG_30};
use plimsoll_snapshot::cidr::Cidr;

use crate::parameter::{Other, Peer};
use crate::scalar::{quoted, scalar};
use crate::{Generator, Parameter, Request, RequestError, Tier};

pub(crate) static NETWORK_POLICY: Generator = Generator {
    id: "networkpolicy",
    also: &["network-policy", "netpol", "networkpolicies"],
    title: "NetworkPolicies: deny by default, allow DNS and what is named, block the metadata service",
    takes: &[
        Parameter::Option,
        Parameter::Namespace,
        Parameter::AllowFrom,
        Parameter::AllowTo,
    ],
    serves: &[&APX_E, &NET_07, &NET_08, &NET_10, &CLD_01, &SIG_29, &SIG_30],
    comments: true,
    write,
};

fn write(request: &Request) -> Result<String, RequestError> {
    let namespace = request.namespace();
    let about = "\
# The guide's sample writes policyType for policyTypes; ignored, it denies the wrong direction. Check that the network
# plugin enforces policies at all: the API server stores them either way. Pods on the host's network escape them.
";
    Ok(about.to_owned() + &bodies(namespace, request))
}

/// All policies for a namespace.
pub(crate) fn bodies(namespace: &str, request: &Request) -> String {
    let mut policies = vec![deny(namespace)];
    if namespace == "kube-system" {
        policies.extend(system());
    } else {
        policies.push(dns(namespace));
        policies.extend(opened(namespace, request.tier()));
    }
    let incoming = request.allow_from.iter().enumerate();
    policies.extend(incoming.map(|(index, peer)| allow(namespace, index + 1, peer, Way::In)));
    let outgoing = request.allow_to.iter().enumerate();
    policies.extend(outgoing.map(|(index, peer)| allow(namespace, index + 1, peer, Way::Out)));
    policies.join("---\n")
}

fn head(comment: &str, name: &str, namespace: &str) -> String {
    let namespace = scalar(namespace);
    format!(
        "{comment}apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: {name}\n  namespace: {namespace}\nspec:\n"
    )
}

fn deny(namespace: &str) -> String {
    let comment = "# Closes both directions for every pod. Policies add up: the others open what is needed.\n";
    head(comment, "default-deny", namespace)
        + "  podSelector: {}\n  policyTypes: [Ingress, Egress]\n"
}

fn dns(namespace: &str) -> String {
    let comment = "\
# Names are looked up at the cluster's DNS and nowhere else: a way out through foreign name servers stays shut.
# With NodeLocal DNSCache allow its address too (--allow-to 169.254.20.10/32:53).
";
    head(comment, "allow-dns", namespace)
        + r"  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to:
        # Both selectors in one item: the pods with this label in this namespace.
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: kube-system
          podSelector:
            matchLabels:
              k8s-app: kube-dns
      ports:
        - protocol: UDP
          port: 53
        # Long answers come over TCP.
        - protocol: TCP
          port: 53
"
}

/// What the milder tiers leave open.
fn opened(namespace: &str, tier: Tier) -> Vec<String> {
    let mut policies = Vec::new();
    if tier < Tier::Strict {
        let comment = "# Pods of the namespace may talk to each other at the port that programs here use.\n# The strict option leaves this out: then name each connection.\n";
        policies.push(
            head(comment, "allow-within-namespace", namespace)
                + r"  podSelector: {}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - podSelector: {}
      ports:
        - protocol: TCP
          port: 8080
  egress:
    - to:
        - podSelector: {}
      ports:
        - protocol: TCP
          port: 8080
",
        );
    }
    if tier == Tier::Minimal {
        let comment = "# The internet by https, but neither the cloud's metadata service, which hands out the node's credentials, nor\n# private networks, where the cluster and other systems live.\n";
        policies.push(
            head(comment, "allow-internet", namespace)
                + r"  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock:
            cidr: 0.0.0.0/0
            except:
              # Metadata services of AWS, Azure, Google and others.
              - 169.254.0.0/16
              # Alibaba Cloud's, and addresses shared by providers.
              - 100.64.0.0/10
              # Azure's platform.
              - 168.63.129.16/32
              - 10.0.0.0/8
              - 172.16.0.0/12
              - 192.168.0.0/16
      ports:
        - protocol: TCP
          port: 443
",
        );
    }
    policies
}

#[derive(Copy, Clone, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

fn allow(namespace: &str, number: usize, peer: &Peer, way: Way) -> String {
    let (name, direction, rules, side, port) = match way {
        Way::In => (
            "from",
            "Ingress",
            "ingress",
            "from",
            peer.port.unwrap_or(8080),
        ),
        Way::Out => ("to", "Egress", "egress", "to", peer.port.unwrap_or(443)),
    };
    let comment = match way {
        Way::In => {
            "# Asked for with --allow-from. Narrow podSelector to the pods that are meant.\n"
        }
        Way::Out => "# Asked for with --allow-to. Narrow podSelector to the pods that need it.\n",
    };
    let who = who(&peer.other, way);
    // Node-local DNS and other resolvers speak UDP as well.
    let udp = if port == 53 {
        "        - protocol: UDP\n          port: 53\n"
    } else {
        ""
    };
    head(comment, &format!("allow-{name}-{number}"), namespace)
        + &format!(
            "  podSelector: {{}}\n  policyTypes: [{direction}]\n  {rules}:\n    - {side}:\n{who}      ports:\n{udp}        - protocol: TCP\n          port: {port}\n"
        )
}

fn who(other: &Other, way: Way) -> String {
    match other {
        Other::Pods { namespace, label } => {
            let label = match label {
                Some((key, value)) => format!(
                    "          podSelector:\n            matchLabels:\n              {}: {}\n",
                    scalar(key),
                    scalar(value)
                ),
                None => String::new(),
            };
            format!(
                "        # The API server sets this label itself on every namespace, so nobody can pretend.\n        - namespaceSelector:\n            matchLabels:\n              kubernetes.io/metadata.name: {}\n{label}",
                scalar(namespace)
            )
        }
        Other::Addresses(range) => {
            let except = if way == Way::Out {
                metadata(range)
            } else {
                String::new()
            };
            format!(
                "        - ipBlock:\n            cidr: {}\n{except}",
                quoted(range)
            )
        }
    }
}

/// The metadata services cut out of a range that holds them.
fn metadata(range: &str) -> String {
    const SERVICES: [(&str, &str); 4] = [
        ("169.254.169.254", "169.254.169.254/32"),
        ("168.63.129.16", "168.63.129.16/32"),
        ("fd00:ec2::254", "fd00:ec2::254/128"),
        ("fd20:ce::254", "fd20:ce::254/128"),
    ];
    let Some(cidr) = Cidr::parse(range) else {
        return String::new();
    };
    let holds = |address: &str| address.parse().is_ok_and(|address| cidr.contains(address));
    let services = SERVICES.iter().filter(|(address, _)| holds(address));
    // An exception must be smaller than its range.
    let blocks = services.filter(|(_, block)| *block != range);
    let cut: String = blocks
        .map(|(_, block)| format!("              - \"{block}\"\n"))
        .collect();
    match cut.as_str() {
        "" => cut,
        _ => format!(
            "            except:\n              # Services of clouds that hand out the node's credentials.\n{cut}"
        ),
    }
}

/// What the system's own pods need. The control plane's static pods are on the host's network and beyond policies.
fn system() -> Vec<String> {
    let serve = "# Every pod of the cluster asks DNS: this is open on purpose, at one port.\n";
    let resolve = "\
# DNS asks the resolvers of the node, and the API server for Services and Pods. Put in both addresses: the policy sees
# the API server's own address (kubectl get endpointslices -n default), not that of the Service.
";
    let metrics = "\
# metrics-server is asked by the API server, which comes from a node, and asks the kubelets. Put in the nodes' range, and
# delete this policy where metrics-server does not run.
";
    let webhooks = "\
# Other programs in kube-system (network plugins, cloud controllers, storage drivers) are closed by default-deny unless
# they are on the host's network. Look at what runs there before you apply this: kubectl get pods -n kube-system -o wide
";
    vec![
        head(&format!("{webhooks}{serve}"), "serve-dns", "kube-system")
            + r"  podSelector:
    matchLabels:
      k8s-app: kube-dns
  policyTypes: [Ingress]
  ingress:
    - from:
        - namespaceSelector: {}
      ports:
        - protocol: UDP
          port: 53
        - protocol: TCP
          port: 53
",
        head(resolve, "dns-upstream", "kube-system")
            + r"  podSelector:
    matchLabels:
      k8s-app: kube-dns
  policyTypes: [Egress]
  egress:
    - ports:
        - protocol: UDP
          port: 53
        - protocol: TCP
          port: 53
    - to:
        - ipBlock:
            cidr: 10.0.0.0/8
      ports:
        - protocol: TCP
          port: 443
        - protocol: TCP
          port: 6443
",
        head(metrics, "metrics-server", "kube-system")
            + r"  podSelector:
    matchLabels:
      k8s-app: metrics-server
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - ipBlock:
            cidr: 10.0.0.0/8
      ports:
        - protocol: TCP
          port: 10250
  egress:
    - to:
        - ipBlock:
            cidr: 10.0.0.0/8
      ports:
        # The kubelets.
        - protocol: TCP
          port: 10250
        # The API server.
        - protocol: TCP
          port: 443
        - protocol: TCP
          port: 6443
",
    ]
}
