package main

import (
	"fmt"

	"github.com/google/cel-go/cel"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/cel/environment"
)

// denies compiles the expressions of a ValidatingAdmissionPolicy in the API server's own CEL environment
// and says for each pod whether one of them denies it. An expression that fails on a pod denies it too, as
// `failurePolicy: Fail` does. `object` is dynamic here: types are not checked.
func denies(policy *admissionregistrationv1.ValidatingAdmissionPolicy, pods []map[string]any) ([]bool, error) {
	base, err := environment.MustBaseEnvSet(version.MajorMinor(1, lastMinor)).Env(environment.NewExpressions)
	if err != nil {
		return nil, err
	}
	env, err := base.Extend(cel.Variable("object", cel.DynType))
	if err != nil {
		return nil, err
	}
	denied := make([]bool, len(pods))
	for _, validation := range policy.Spec.Validations {
		checked, issues := env.Compile(validation.Expression)
		if issues.Err() != nil {
			return nil, fmt.Errorf("policy %s: %w", policy.Name, issues.Err())
		}
		program, err := env.Program(checked)
		if err != nil {
			return nil, err
		}
		for i, pod := range pods {
			value, _, err := program.Eval(map[string]any{"object": pod})
			denied[i] = denied[i] || err != nil || value.Value() != true
		}
	}
	return denied, nil
}
