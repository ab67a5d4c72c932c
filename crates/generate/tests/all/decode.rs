//! Kubernetes' own Go types decode every output strictly, and where their validation is a library, it has nothing to say.
//! Needs the referee (`cargo xtask referee`); without it the tests say that they were left out.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::asked::everything;

/// No Kubernetes types for these: a Dockerfile, a profile of the kernel, a patch, and kubeadm's own API, whose types are
/// in no library.
const OTHERS: [&str; 4] = [
    "dockerfile",
    "seccomp",
    "apiserver-audit-patch",
    "apiserver-audit",
];

#[test]
fn every_output_is_decoded_strictly() {
    let mut texts = Vec::new();
    let mut wanted = BTreeMap::new();
    for asked in everything() {
        if OTHERS.contains(&asked.generator.id) {
            continue;
        }
        let text = asked.text();
        let documents = text.matches("\nkind: ").count();
        assert!(documents > 0, "{}", asked.what);
        wanted.insert(asked.what.clone(), documents);
        texts.push((asked.what, text));
    }
    let Some(answers) = decoded("every_output_is_decoded_strictly", &texts) else {
        return;
    };
    let mut complaints = Vec::new();
    for (what, answer) in &answers {
        let kinds = answer["kinds"].as_array().map_or(0, Vec::len);
        // What is embedded comes on top.
        if answer["error"].is_string() || kinds < wanted[what] {
            complaints.push(format!("{what}: {answer}"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(answers.len() > 1000, "only {} were decoded", answers.len());
}

/// A judge that takes everything would prove nothing.
#[test]
fn the_referee_refuses_what_is_wrong() {
    let wrong = [
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, label: {}}\n",
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\nmetadata: {name: b}\n",
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {policyType: [Egress]}\n",
        "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Everything}]\n",
        "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata, resources: [{resources: [pods], group: a/b}]}]\n",
        "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources: [{resources: [secrets], providers: [{secretbox: {keys: [{name: a, secret: c2hvcnQ=}]}}]}]\n",
        "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources: [{resources: [secrets], providers: [{kms: {apiVersion: v2, name: a, endpoint: 'unix://tmp/a', timeout: 0s}}]}]\n",
        "apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins: [{name: PodSecurity, configuration: {apiVersion: pod-security.admission.config.k8s.io/v1, kind: PodSecurityConfiguration, default: {}}}]\n",
        "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\npodPidLimit: 5\n",
    ];
    let texts: Vec<_> = wrong
        .iter()
        .map(|text| ((*text).to_owned(), (*text).to_owned()))
        .collect();
    let Some(answers) = decoded("the_referee_refuses_what_is_wrong", &texts) else {
        return;
    };
    for (text, answer) in answers {
        assert!(answer["error"].is_string(), "{text}: {answer}");
    }
}

/// The expressions in place of a PodSecurityPolicy deny what it denied, in the API server's own CEL.
#[test]
fn policies_deny_what_the_old_ones_denied() {
    let good = json!({"spec": {
        "securityContext": {"runAsGroup": 10, "fsGroup": 1, "supplementalGroups": [1, 65535]},
        "containers": [{"name": "a", "securityContext": {"readOnlyRootFilesystem": true}}],
    }});
    let own = json!({"spec": {"containers": [{"name": "a", "securityContext": {"readOnlyRootFilesystem": true, "runAsGroup": 5}}]}});
    let mut pods = vec![good.clone(), own];
    let mut bad = |path: &str, value: Value| {
        let mut pod = good.clone();
        match pod.pointer_mut(path) {
            Some(place) => *place = value,
            None => panic!("{path}"),
        }
        pods.push(pod);
    };
    bad("/spec/containers/0/securityContext", json!({}));
    bad(
        "/spec/containers/0/securityContext",
        json!({"readOnlyRootFilesystem": false}),
    );
    bad("/spec/containers/0", json!({"name": "a"}));
    bad(
        "/spec/containers/0/securityContext",
        json!({"readOnlyRootFilesystem": true, "runAsGroup": 0}),
    );
    bad("/spec/securityContext/runAsGroup", json!(0));
    bad("/spec/securityContext", json!({"fsGroup": 1}));
    bad("/spec/securityContext/fsGroup", json!(65536));
    bad("/spec/securityContext/supplementalGroups/1", json!(0));
    for list in ["initContainers", "ephemeralContainers"] {
        let mut spec = good["spec"].clone();
        spec[list] = json!([{"name": "b"}]);
        bad("/spec", spec);
    }
    let mut wanted = vec![true; pods.len()];
    wanted[..2].fill(false);
    let from = plimsoll_generate::Text {
        name: "given.yaml".to_owned(),
        text: crate::asked::STRICT_POLICY.to_owned(),
    };
    let request = plimsoll_generate::Request {
        from: Some(vec![from]),
        ..plimsoll_generate::Request::new(plimsoll_snapshot::version::Minor::NEWEST)
    };
    let text = plimsoll_generate::find("psp-to-psa")
        .unwrap()
        .generate(&request)
        .unwrap();
    let texts = [("policy".to_owned(), text)];
    let Some(answers) = asked("policies_deny_what_the_old_ones_denied", &texts, &pods) else {
        return;
    };
    assert_eq!(answers[0].1["denied"], json!(wanted), "{}", answers[0].1);
}

/// The answers to all texts, in their order; `None` when there is no referee.
fn decoded(test: &str, texts: &[(String, String)]) -> Option<Vec<(String, Value)>> {
    asked(test, texts, &[])
}

/// The same, with pods that the policies among the documents judge.
fn asked(test: &str, texts: &[(String, String)], pods: &[Value]) -> Option<Vec<(String, Value)>> {
    let Some(program) = std::env::var_os("PLIMSOLL_REFEREE") else {
        let said = "left out, because PLIMSOLL_REFEREE is not set: `cargo xtask referee` builds the referee";
        let _ = writeln!(
            std::io::stderr(),
            "decoding by Kubernetes' types: {test} {said}"
        );
        return None;
    };
    let mut child = Command::new(&program)
        .arg("decode")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{} does not start: {error}", program.display()));
    let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let answers = std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut input = input;
            for (id, text) in texts {
                writeln!(input, "{}", json!({"id": id, "text": text, "pods": pods}))
                    .expect("the referee listens");
            }
        });
        let lines = BufReader::new(output).lines();
        lines
            .map(|line| {
                let answer: Value = serde_json::from_str(&line.unwrap()).unwrap();
                (answer["id"].as_str().unwrap().to_owned(), answer)
            })
            .collect::<Vec<_>>()
    });
    assert!(child.wait().unwrap().success());
    assert_eq!(answers.len(), texts.len());
    Some(answers)
}
