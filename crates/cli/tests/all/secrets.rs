//! What must never come out: credentials that were found. Every output is searched for them.

use crate::folder::Folder;

/// One credential in every place where one is looked for, in block style and on one line with others.
const CREDENTIALS: &str = r#"apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  annotations: {example.com/password: zebra-one-1, example.com/db-password: zebra-two-2}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers:
        - name: shop
          image: registry.example.com/shop:1.0
          command: [shop, --password=zebra-three-3, --db-password, zebra-four-4]
          args:
            - --password=zebra-five-5
            - login --password=zebra-six-6 --url=amqp://shop:zebra-seven-7@mq
          env:
            - {name: A_PASSWORD, value: zebra-eight-8}
            - name: B_PASSWORD
              value: zebra-nine-9
---
apiVersion: v1
kind: ConfigMap
metadata: {name: shop}
data:
  password: zebra-ten-10
  app.ini: "password = zebra-eleven-11"
  long.ini: |
    password = zebra-twelve-12
---
{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "shop"}, "stringData": {"password": "zebra-13", "other": "zebra-14"}}
---
{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "line"}, "data": {"password": "zebra-fifteen-15", "password": "zebra-sixteen-16"}}
---
{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "line"}, "spec": {"hostNetwork": true, "containers": [{"name": "a", "env": [{"name": "A_PASSWORD", "value": "zebra-seventeen-17"}], "args": ["--password", "zebra-eighteen-18"], "image": "a", "securityContext": {"privileged": true}}], "hostPID": true}}
---
apiVersion: v1
kind: Pod
metadata: {name: flow}
spec: {hostNetwork: true, containers: [{name: a, env: [{name: B_PASSWORD, value: zebra-nineteen-19}], image: a}], hostIPC: true}
---
apiVersion: v1
kind: Pod
metadata: {name: server, namespace: kube-system}
spec:
  containers:
    - name: kube-apiserver
      image: registry.example.com/kube-apiserver:1.37
      command: [kube-apiserver, --password=zebra-twenty-20]
"#;

#[test]
fn no_output_shows_a_credential() {
    let folder = Folder::with(CREDENTIALS);
    for format in ["text", "concise", "json"] {
        let run = folder.run(&["scan", "--format", format, "a.yaml"]);
        assert!(run.out.contains("credential-in-container"), "{}", run.out);
        let leaks: Vec<&str> = run
            .out
            .lines()
            .filter(|line| line.contains("ebra"))
            .collect();
        assert!(leaks.is_empty(), "{format} shows {leaks:#?}");
    }
}
