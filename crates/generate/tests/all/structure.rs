//! What neither our controls nor Kubernetes' types can judge: Dockerfiles, profiles, patches, comments.

use plimsoll_generate::{GENERATORS, Parameter, Request, Tier, find};
use plimsoll_snapshot::version::Minor;
use serde_json::Value;

use crate::asked::everything;

fn text(kind: &str, request: &Request) -> String {
    find(kind).unwrap().generate(request).unwrap()
}

/// Instructions of a Dockerfile with their words, without comments.
fn instructions(dockerfile: &str) -> Vec<Vec<&str>> {
    let lines = dockerfile.lines().filter(|line| !line.starts_with('#'));
    let lines = lines.filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()));
    lines
        .map(|line| line.split_whitespace().collect())
        .collect()
}

#[test]
fn the_last_stage_has_no_root_no_shell_and_no_tools() {
    let dockerfile = text("dockerfile", &Request::new(Minor::NEWEST));
    let all = instructions(&dockerfile);
    let last = all.iter().rposition(|line| line[0] == "FROM").unwrap();
    let stage = &all[last..];
    assert_eq!(stage[0], ["FROM", "scratch"]);
    assert!(stage.iter().all(|line| line[0] != "RUN"), "needs a shell");
    let user = stage.iter().rposition(|line| line[0] == "USER").unwrap();
    let (uid, gid) = stage[user][1].split_once(':').unwrap();
    for id in [uid, gid] {
        assert!(id.parse::<u32>().unwrap() > 10000, "{id}");
    }
    assert_eq!(stage.iter().filter(|line| line[0] == "USER").count(), 1);
    let entry = stage.last().unwrap();
    assert_eq!(entry[0], "ENTRYPOINT");
    assert!(
        entry[1].starts_with('[') && entry[1].ends_with(']'),
        "needs a shell"
    );
    assert!(
        all.iter()
            .all(|line| line[0] != "ADD" && !line.join(" ").contains("latest"))
    );
}

/// Image and pod must agree, or the pod does not start.
#[test]
fn the_dockerfile_and_the_deployment_agree() {
    let request = Request {
        name: Some("web".to_owned()),
        ..Request::new(Minor::NEWEST)
    };
    let (dockerfile, deployment) = (text("dockerfile", &request), text("deployment", &request));
    assert!(dockerfile.contains("USER 10001:10001\n"));
    assert!(
        deployment.contains("runAsUser: 10001\n") && deployment.contains("runAsGroup: 10001\n")
    );
    assert!(dockerfile.contains("EXPOSE 8080\n") && deployment.contains("containerPort: 8080\n"));
}

#[test]
fn seccomp_profiles_are_of_the_form_that_runtimes_read() {
    for tier in Tier::ALL {
        let request = Request {
            option: Some(tier),
            ..Request::new(Minor::NEWEST)
        };
        let profile: Value = serde_json::from_str(&text("seccomp", &request)).unwrap();
        let keys: Vec<_> = profile.as_object().unwrap().keys().cloned().collect();
        let known = [
            "architectures",
            "defaultAction",
            "defaultErrnoRet",
            "syscalls",
        ];
        assert!(
            keys.iter().all(|key| known.contains(&key.as_str())),
            "{keys:?}"
        );
        for rule in profile["syscalls"].as_array().unwrap() {
            let known = ["action", "args", "comment", "errnoRet", "names"];
            assert!(
                rule.as_object()
                    .unwrap()
                    .keys()
                    .all(|key| known.contains(&key.as_str()))
            );
            for name in rule["names"].as_array().unwrap() {
                let name = name.as_str().unwrap();
                assert!(
                    name.chars()
                        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
                );
            }
        }
    }
}

/// kubeadm's configuration and the patch must say the same, and each path that is named must be mounted.
#[test]
fn both_forms_of_the_audit_flags_agree_and_their_paths_are_mounted() {
    for tier in Tier::ALL {
        for version in [Minor(30), Minor(31)] {
            let request = Request {
                option: Some(tier),
                ..Request::new(version)
            };
            let (kubeadm, patch) = (
                text("apiserver-audit", &request),
                text("apiserver-audit-patch", &request),
            );
            let flags: Vec<_> = patch
                .lines()
                .filter_map(|line| {
                    line.trim()
                        .strip_prefix("value: \"--")?
                        .strip_suffix('"')?
                        .split_once('=')
                })
                .collect();
            assert_eq!(flags.len(), 6);
            for (name, value) in flags {
                let wanted = match version {
                    Minor(31) => format!("- name: {name}\n      value: \"{value}\"\n"),
                    _ => format!("    {name}: \"{value}\"\n"),
                };
                assert!(kubeadm.contains(&wanted), "{wanted}: {kubeadm}");
                if let Some((folder, _)) = value.rsplit_once('/') {
                    assert!(
                        kubeadm.contains(&format!("mountPath: {folder}\n")),
                        "{folder}"
                    );
                    assert!(
                        patch.contains(&format!("mountPath: {folder}\n")),
                        "{folder}"
                    );
                }
            }
        }
    }
}

/// What is generated teaches: it says what it is, how to make it again and where its reasons stand.
#[test]
fn every_output_says_what_it_is() {
    for asked in everything() {
        let text = asked.text();
        assert!(
            text.ends_with('\n') && !text.contains('\t'),
            "{}",
            asked.what
        );
        assert!(
            !text.lines().any(|line| line.ends_with(' ')),
            "{}",
            asked.what
        );
        if asked.generator.id == "seccomp" {
            continue;
        }
        assert!(text.starts_with(&format!(
            "# {}.\n# Made by: plimsoll generate {}",
            asked.generator.title, asked.generator.id
        )));
        let served = asked.generator.serves[0].id;
        assert!(text.contains(&format!("see: plimsoll explain {served}\n")));
        let comments = text
            .lines()
            .filter(|line| line.trim_start().starts_with('#'));
        assert!(comments.count() > 6, "{} teaches little", asked.what);
    }
}

/// A rule for each group, each resource once.
#[test]
fn resources_are_gathered_by_their_group() {
    let request = Request {
        resources: [
            "pods",
            "deployments/scale.apps",
            "services",
            "pods",
            "replicasets.apps",
        ]
        .map(str::to_owned)
        .to_vec(),
        verbs: vec!["get".to_owned()],
        ..Request::new(Minor::NEWEST)
    };
    let role = text("role", &request);
    let (_, rules) = role.split_once("rules:\n").unwrap();
    let wanted = "  # The core group has no name.
  - apiGroups: [\"\"]
    resources: [pods, services]
    verbs: [get]
  - apiGroups: [\"apps\"]
    resources: [deployments/scale, replicasets]
    verbs: [get]
";
    assert_eq!(rules, wanted);
}

/// A stricter option must differ, or the choice would be a pretence.
#[test]
fn the_options_differ() {
    for generator in GENERATORS {
        if !generator.takes.contains(&Parameter::Option) {
            continue;
        }
        let [mild, middle, strict] = Tier::ALL.map(|tier| {
            let request = Request {
                option: Some(tier),
                ..Request::new(Minor::NEWEST)
            };
            // Without the line that names the option.
            let text = generator.generate(&request).unwrap();
            text.lines()
                .filter(|line| !line.starts_with("# Made by"))
                .collect::<String>()
        });
        assert!(
            mild != middle && middle != strict && mild != strict,
            "{}",
            generator.id
        );
    }
}

/// Keys come from the request and from nowhere else.
#[test]
fn a_key_is_written_only_when_it_is_given() {
    let request = Request::new(Minor::NEWEST);
    let without = text("encryption-config", &request);
    assert!(!without.contains("secret:") && without.contains("apiVersion: v2"));
    let key = Request {
        key: Some([0xff; 32]),
        ..request
    };
    let with = text("encryption-config", &key);
    assert!(
        with.contains("secret: \"//////////////////////////////////////////8=\"\n"),
        "{with}"
    );
}
