//! Rules written in Rust: on containers, and across documents.

use plimsoll_control::{Enforce, JoinedFound, Revision, Rule};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::field::{self, Lit};
use plimsoll_testkit::{mutant, page};

use crate::tiny::{control, page_of};

#[test]
fn a_control_that_forgets_a_kind_of_container_is_told() {
    fn check(
        container: &plimsoll_snapshot::pod::Container<'_, '_>,
        _: plimsoll_control::Words,
        found: &mut plimsoll_control::Found<'_>,
    ) {
        let own = container.read(&field::PRIVILEGED);
        let forgotten = container.kind == field::ContainerKind::Ephemeral;
        if own.value.is() == Some(Lit::Bool(true)) && !forgotten {
            found.on_container(container, own.at, "runs privileged", "because");
        }
    }
    let blocks = "\
```yaml bad
kind: Pod
spec:
  containers:
    - name: a
      securityContext: {privileged: true}  # ! tiny spec.containers[0].securityContext.privileged
```

```yaml good
kind: Pod
spec:
  containers:
    - name: a
```

";
    let page = page_of(blocks);
    let rule = Rule::Container {
        check,
        words: &[],
        enforce: Enforce::Not("a test"),
    };
    let control = control(page, vec![Revision::always(rule)]);
    let complaints = page::check(&[control], control).expect_err("one kind is forgotten");
    assert_eq!(
        complaints,
        [
            "tiny.md, block 1 (bad, line 18) at Kubernetes 1.24 to 1.37: as Pod with ephemeral containers: \
          expected spec.ephemeralContainers[0].securityContext.privileged (medium), found nothing there"
        ]
    );
    assert_eq!(mutant::survivors(control), Vec::<String>::new());
}

#[test]
fn rules_across_documents_are_run_with_all_of_them() {
    fn check(facts: &Facts, found: &mut JoinedFound) {
        for token in &facts.accounts.token_uses {
            let named = |account: &&plimsoll_snapshot::facts::accounts::Account| {
                Some(&*account.object.name) == token.account.as_deref()
            };
            if let Some(account) = facts.accounts.accounts.iter().find(named) {
                let place = &account.place;
                found.on_object(&account.object, place, "is used", "because");
            }
        }
    }
    let blocks = "\
```yaml bad
kind: ServiceAccount
metadata:
  name: used
automountServiceAccountToken: true # ! tiny automountServiceAccountToken
---
kind: Pod
spec:
  serviceAccountName: used
  containers: []
```

```yaml good
kind: Pod
spec:
  serviceAccountName: other
  containers: []
```

";
    let page = page_of(blocks);
    let revisions = vec![Revision::always(Rule::Joined { check })];
    let control = control(page, revisions);
    assert_eq!(mutant::survivors(control), Vec::<String>::new());
    page::check(&[control], control).expect("the page passes");
}
