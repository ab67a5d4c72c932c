//! The programs of Kubernetes itself and how they are set: by the flags of a container that runs one, by kubeadm's extra
//! arguments, or by a configuration file. What a flag should be is not known here.

use plimsoll_yaml::{Kind, Node};

use crate::object::Object;
use crate::pod::Container;

/// A program of Kubernetes itself.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Program {
    /// kube-apiserver.
    ApiServer,
    /// kube-controller-manager.
    ControllerManager,
    /// kube-scheduler.
    Scheduler,
    /// cloud-controller-manager.
    CloudControllerManager,
    /// etcd.
    Etcd,
    /// kube-proxy.
    Proxy,
    /// kubelet.
    Kubelet,
}

impl Program {
    /// All programs.
    pub const ALL: [Program; 7] = [
        Self::ApiServer,
        Self::ControllerManager,
        Self::Scheduler,
        Self::CloudControllerManager,
        Self::Etcd,
        Self::Proxy,
        Self::Kubelet,
    ];

    /// The name of its executable.
    pub fn name(self) -> &'static str {
        match self {
            Program::ApiServer => "kube-apiserver",
            Program::ControllerManager => "kube-controller-manager",
            Program::Scheduler => "kube-scheduler",
            Program::CloudControllerManager => "cloud-controller-manager",
            Program::Etcd => "etcd",
            Program::Proxy => "kube-proxy",
            Program::Kubelet => "kubelet",
        }
    }

    /// The program that a container runs, if it is one of Kubernetes' own: the first word of its command line.
    pub fn of_container(container: &Container<'_, '_>) -> Option<Program> {
        let list = |key| container.node.get(key).filter(|node| !node.is_null());
        let line = list("command").or_else(|| list("args"))?;
        Program::of_word(line.items().next().and_then(Node::as_str)?)
    }

    /// The program that a shell starts by the script in a container's command line. With which flags is not read.
    pub fn of_script(container: &Container<'_, '_>) -> Option<Program> {
        let lists = ["command", "args"].map(|key| container.node.get(key));
        let mut line = lists.into_iter().flatten().flat_map(Node::items);
        let shell = line.next().and_then(Node::as_str)?;
        if !SHELLS.contains(&name_of(shell)) {
            return None;
        }
        let scripts = line.filter_map(Node::as_str);
        let mut commands = scripts.flat_map(|script| script.split(['\n', ';', '&', '|', '(']));
        commands.find_map(|command| {
            let mut words = command.split_whitespace();
            Program::of_word(words.find(|word| *word != "exec" && !word.contains('='))?)
        })
    }

    /// The program that this word starts, as a name or a path to it.
    pub fn of_word(word: &str) -> Option<Program> {
        let mut programs = Program::ALL.into_iter();
        programs.find(|program| program.name() == name_of(word))
    }

    /// The kind of its configuration file.
    pub fn file(self) -> Option<(&'static str, &'static str)> {
        match self {
            Program::Scheduler => {
                Some(("kubescheduler.config.k8s.io", "KubeSchedulerConfiguration"))
            }
            Program::Proxy => Some(("kubeproxy.config.k8s.io", "KubeProxyConfiguration")),
            Program::Kubelet => Some(("kubelet.config.k8s.io", "KubeletConfiguration")),
            _ => None,
        }
    }

    /// Where kubeadm's configuration keeps extra arguments for it, by kind.
    fn extra_args(self, kind: &str) -> Option<&'static [&'static str]> {
        match (self, kind) {
            (Program::ApiServer, "ClusterConfiguration") => Some(&["apiServer", "extraArgs"]),
            (Program::ControllerManager, "ClusterConfiguration") => {
                Some(&["controllerManager", "extraArgs"])
            }
            (Program::Scheduler, "ClusterConfiguration") => Some(&["scheduler", "extraArgs"]),
            (Program::Etcd, "ClusterConfiguration") => Some(&["etcd", "local", "extraArgs"]),
            (Program::Kubelet, "InitConfiguration" | "JoinConfiguration") => {
                Some(&["nodeRegistration", "kubeletExtraArgs"])
            }
            _ => None,
        }
    }
}

const SHELLS: [&str; 4] = ["sh", "bash", "ash", "dash"];

/// The name of an executable, without the folders that lead to it.
fn name_of(executable: &str) -> &str {
    let name = executable.rsplit(['/', '\\']).next();
    let name = name.unwrap_or(executable);
    name.strip_suffix(".exe").unwrap_or(name)
}

/// One argument: a flag with its value, or what is left of one.
#[derive(Copy, Clone)]
struct Argument<'t> {
    text: &'t str,
    node: Node<'t>,
}

/// A program with its command line, as written in a pod or in kubeadm's configuration.
pub struct Component<'t> {
    /// The program.
    pub program: Program,
    /// What holds the arguments: a place for what is missing.
    pub node: Node<'t>,
    /// Where `node` lacks the keys to the arguments, those keys.
    pub missing: &'static [&'static str],
    arguments: Vec<Argument<'t>>,
    pairs: Vec<(&'t str, Argument<'t>)>,
    /// What etcd takes from its environment, named without [`ETCD_VARIABLE`].
    variables: Vec<(&'t str, Argument<'t>)>,
    malformed: Vec<&'t str>,
}

/// How the names of environment variables begin that etcd takes for flags which it is not given.
pub const ETCD_VARIABLE: &str = "ETCD_";

/// A flag as given.
#[derive(Copy, Clone)]
pub struct Given<'t> {
    /// Its value; `true` for a flag without one.
    pub value: &'t str,
    /// The argument that holds it.
    pub node: Node<'t>,
    /// Does the argument hold the flag's name too? Then its place is inside the argument.
    pub inside: bool,
}

impl<'t> Component<'t> {
    /// The program that a container runs, if it is one of Kubernetes' own. A shell's script is not read.
    pub fn of_container(container: &Container<'_, 't>) -> Option<Component<'t>> {
        let program = Program::of_container(container)?;
        let object = container.pod.object;
        let list = |key| container.node.get(key).filter(|node| !node.is_null());
        let (command, args) = (list("command"), list("args"));
        let node = command.or(args)?;
        let mut arguments = Vec::new();
        for list in [command, args].into_iter().flatten() {
            if list.kind() != Kind::Sequence {
                object.note_malformed(list, "a list of strings");
            }
            for item in list.items() {
                match item.as_str() {
                    Some(text) => arguments.push(Argument { text, node: item }),
                    None => object.note_malformed(item, "a string"),
                }
            }
        }
        let mut component = Component {
            program,
            node,
            missing: &[],
            arguments,
            pairs: Vec::new(),
            variables: Vec::new(),
            malformed: Vec::new(),
        };
        if program == Program::Etcd {
            component.read_environment(container.node);
        }
        Some(component)
    }

    /// Of variables with a value from elsewhere nothing is known.
    fn read_environment(&mut self, container: Node<'t>) {
        for variable in container.get("env").into_iter().flat_map(Node::items) {
            let name = variable.get("name").and_then(Node::as_str);
            let Some(name) = name.and_then(|name| name.strip_prefix(ETCD_VARIABLE)) else {
                continue;
            };
            let value = variable.get("value").filter(|value| !value.is_null());
            match value.and_then(|node| Some((node, node.as_str()?))) {
                Some((_, "")) => {}
                Some((node, text)) => self.variables.push((name, Argument { text, node })),
                None if variable.get("valueFrom").is_some() => self.malformed.push(name),
                None => {}
            }
        }
    }

    /// What kubeadm's configuration adds to the program's command line: a map up to v1beta3, then a list of names and
    /// values. `None` when the object is none that speaks of the program.
    pub fn of_kubeadm(object: &Object<'t>, program: Program) -> Option<Component<'t>> {
        if object.group() != "kubeadm.k8s.io" {
            return None;
        }
        let keys = program.extra_args(object.kind)?;
        if program == Program::Etcd
            && object
                .node
                .get("etcd")
                .is_some_and(|etcd| etcd.get("external").is_some())
        {
            return None;
        }
        let at = crate::value::At::nearest(object.node, keys);
        let mut component = Component {
            program,
            node: at.node,
            missing: at.missing,
            arguments: Vec::new(),
            pairs: Vec::new(),
            variables: Vec::new(),
            malformed: Vec::new(),
        };
        if at.missing.is_empty() && !at.node.is_null() {
            component.read_pairs(object, at.node);
        }
        Some(component)
    }

    fn read_pairs(&mut self, object: &Object<'t>, node: Node<'t>) {
        match node.kind() {
            Kind::Mapping => {
                for (key, value) in node.entries() {
                    self.read_pair(object, key.key_text(), value);
                }
            }
            Kind::Sequence => {
                for item in node.items() {
                    match item.get("value") {
                        Some(value) => {
                            self.read_pair(object, item.get("name").and_then(Node::as_str), value)
                        }
                        None => object.note_malformed(item, "an argument with name and value"),
                    }
                }
            }
            _ => object.note_malformed(node, "a map or list of arguments"),
        }
    }

    fn read_pair(&mut self, object: &Object<'t>, name: Option<&'t str>, node: Node<'t>) {
        match (name, node.as_str()) {
            (Some(name), Some(text)) => self.pairs.push((name, Argument { text, node })),
            _ => {
                self.malformed.extend(name);
                object.note_malformed(node, "a string");
            }
        }
    }

    /// Is the flag given in a form that cannot be read? Then nothing follows from its absence.
    pub fn is_malformed(&self, flag: &str) -> bool {
        let is_given = || !self.given(flag, false).is_empty();
        let mut names = self.malformed.iter();
        names.any(|name| same_flag(name, flag) || is_variable(name, flag) && !is_given())
    }

    /// Does it come from kubeadm's configuration, to which kubeadm adds flags of its own?
    pub fn is_kubeadm(&self) -> bool {
        self.arguments.is_empty()
    }

    /// Every time the flag is given, in order. Underscores count as dashes; `switch` tells that the flag needs no
    /// value. etcd takes one dash as well, and where it is not given the flag, the last variable that stands for it.
    pub fn given(&self, flag: &str, switch: bool) -> Vec<Given<'t>> {
        let mut given = Vec::new();
        let mut arguments = self.arguments.iter().skip(1);
        while let Some(argument) = arguments.next() {
            let Some(rest) = self.without_dashes(argument.text) else {
                continue;
            };
            if rest.is_empty() {
                break;
            }
            let (name, value) = match rest.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (rest, None),
            };
            if !same_flag(name, flag) {
                continue;
            }
            let value = match value {
                Some(value) => value,
                None if switch => "true",
                None => arguments.next().map_or("", |next| next.text),
            };
            given.push(Given {
                value,
                node: argument.node,
                inside: true,
            });
        }
        let outside = |argument: &Argument<'t>| Given {
            value: argument.text,
            node: argument.node,
            inside: false,
        };
        let pairs = self.pairs.iter();
        let pairs = pairs.filter(|(name, _)| same_flag(name, flag));
        given.extend(pairs.map(|(_, argument)| outside(argument)));
        if given.is_empty() {
            let mut variables = self.variables.iter().rev();
            let last = variables.find(|(name, _)| is_variable(name, flag));
            given.extend(last.map(|(_, argument)| outside(argument)));
        }
        given
    }

    fn without_dashes(&self, text: &'t str) -> Option<&'t str> {
        let one = || {
            text.strip_prefix('-')
                .filter(|_| self.program == Program::Etcd)
        };
        text.strip_prefix("--").or_else(one)
    }
}

fn same_flag(name: &str, flag: &str) -> bool {
    name == flag || name.contains('_') && name.replace('_', "-") == flag
}

/// Does a variable stand for a flag? `CLIENT_CERT_AUTH` does for `client-cert-auth`.
fn is_variable(name: &str, flag: &str) -> bool {
    name.replace('_', "-").eq_ignore_ascii_case(flag)
}
