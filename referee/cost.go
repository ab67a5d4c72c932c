package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	celgo "github.com/google/cel-go/cel"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/cel"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/cel/environment"
)

// `referee cost` evaluates policies on objects with the API server's own compiler and says what that costs by its own
// accounting. A server gives up on an expression at 1,000,000 and on a policy with one binding and param at 10,000,000.

// costQuestion is one line of input in cost mode. An object may come with the one that it replaces.
type costQuestion struct {
	ID      json.RawMessage                                    `json:"id"`
	Policy  *admissionregistrationv1.ValidatingAdmissionPolicy `json:"policy"`
	Objects []changed                                          `json:"objects"`
}

type changed struct {
	New map[string]any `json:"new"`
	Old map[string]any `json:"old"`
}

// costAnswer is one line of output: for each object its cost, or why the policy has none.
type costAnswer struct {
	ID    json.RawMessage `json:"id"`
	Costs []cost          `json:"costs,omitempty"`
	Error string          `json:"error,omitempty"`
}

// cost is what one evaluation took, each part with the variables that it was the first to ask for.
type cost struct {
	Conditions  int64 `json:"conditions"`
	Validations int64 `json:"validations"`
	Messages    int64 `json:"messages"`
	Annotations int64 `json:"annotations"`
	// Failed is whether some validation was not true, so that the costly side was measured.
	Failed bool `json:"failed"`
	// Error is why the rest was not measured: an expression that fails may have cost nothing.
	Error string `json:"error,omitempty"`
}

// costAll answers every line of input.
func costAll(input io.Reader, output io.Writer) error {
	return answerLines(input, output, func(line []byte) any { return answerCost(line) })
}

func answerCost(line []byte) costAnswer {
	var asked costQuestion
	if err := decodeStrictly(line, &asked); err != nil {
		return costAnswer{ID: asked.ID, Error: err.Error()}
	}
	if asked.Policy == nil {
		return costAnswer{ID: asked.ID, Error: "no policy"}
	}
	compiled, err := compile(&asked.Policy.Spec)
	if err != nil {
		return costAnswer{ID: asked.ID, Error: err.Error()}
	}
	answer := costAnswer{ID: asked.ID}
	for _, object := range asked.Objects {
		spent, err := compiled.costOf(object)
		if err != nil {
			spent = cost{Error: err.Error()}
		}
		answer.Costs = append(answer.Costs, spent)
	}
	return answer
}

// expression is any expression of a policy with the types that it may have.
type expression struct {
	text, name string
	types      []*celgo.Type
}

func (e expression) GetExpression() string      { return e.text }
func (e expression) GetName() string            { return e.name }
func (e expression) ReturnTypes() []*celgo.Type { return e.types }

// compiledPolicy is compiled as the admission plugin compiles it: all parts share the variables.
type compiledPolicy struct {
	conditions, validations, messages, annotations cel.ConditionEvaluator
}

func compile(spec *admissionregistrationv1.ValidatingAdmissionPolicySpec) (*compiledPolicy, error) {
	compiler, err := cel.NewCompositedCompiler(environment.MustBaseEnvSet(version.MajorMinor(1, lastMinor)))
	if err != nil {
		return nil, err
	}
	options := cel.OptionalVariableDeclarations{HasParams: spec.ParamKind != nil, HasAuthorizer: true}
	for _, variable := range spec.Variables {
		named := expression{variable.Expression, variable.Name, []*celgo.Type{celgo.AnyType, celgo.DynType}}
		result := compiler.CompileAndStoreVariable(named, options, environment.NewExpressions)
		if result.Error != nil {
			return nil, fmt.Errorf("variable %s: %w", variable.Name, result.Error)
		}
	}
	var conditions, validations, messages, annotations []cel.ExpressionAccessor
	for _, condition := range spec.MatchConditions {
		conditions = append(conditions, expression{condition.Expression, "", []*celgo.Type{celgo.BoolType}})
	}
	for _, validation := range spec.Validations {
		validations = append(validations, expression{validation.Expression, "", []*celgo.Type{celgo.BoolType}})
		if validation.MessageExpression != "" {
			messages = append(messages, expression{validation.MessageExpression, "", []*celgo.Type{celgo.StringType}})
		}
	}
	for _, annotation := range spec.AuditAnnotations {
		text := expression{annotation.ValueExpression, "", []*celgo.Type{celgo.StringType, celgo.NullType}}
		annotations = append(annotations, text)
	}
	part := func(expressions []cel.ExpressionAccessor) cel.ConditionEvaluator {
		return compiler.CompileCondition(expressions, options, environment.NewExpressions)
	}
	return &compiledPolicy{part(conditions), part(validations), part(messages), part(annotations)}, nil
}

// costOf evaluates every part with a budget of its own.
func (policy *compiledPolicy) costOf(object changed) (spent cost, err error) {
	attributes := attributesOf(object)
	request := cel.CreateAdmissionRequest(attributes.Attributes,
		metav1.GroupVersionResource(attributes.GetResource()), metav1.GroupVersionKind(attributes.VersionedKind))
	for _, part := range []struct {
		evaluator cel.ConditionEvaluator
		cost      *int64
	}{
		{policy.conditions, &spent.Conditions}, {policy.validations, &spent.Validations},
		{policy.messages, &spent.Messages}, {policy.annotations, &spent.Annotations},
	} {
		const budget = celconfig.RuntimeCELCostBudget
		results, left, err := part.evaluator.ForInput(
			context.Background(), attributes, request, cel.OptionalVariableBindings{}, nil, budget)
		if err != nil {
			return spent, err
		}
		*part.cost = budget - left
		for _, result := range results {
			if result.Error != nil {
				return spent, fmt.Errorf("%s: %w", result.ExpressionAccessor.GetExpression(), result.Error)
			}
			spent.Failed = spent.Failed || result.EvalResult.Value() == false && part.cost == &spent.Validations
		}
	}
	return spent, nil
}

// attributesOf makes the request of an object by somebody. Policies of ours read no more of it than the operation and the name.
func attributesOf(object changed) *admission.VersionedAttributes {
	created := &unstructured.Unstructured{Object: object.New}
	kind := schema.FromAPIVersionAndKind(created.GetAPIVersion(), created.GetKind())
	resource := schema.GroupVersionResource{Group: kind.Group, Version: kind.Version}
	operation := admission.Create
	attributes := &admission.VersionedAttributes{VersionedKind: kind, VersionedObject: admission.NewLazyObject(created)}
	var old *unstructured.Unstructured
	if object.Old != nil {
		old = &unstructured.Unstructured{Object: object.Old}
		operation = admission.Update
		attributes.VersionedOldObject = admission.NewLazyObject(old)
	}
	attributes.Attributes = admission.NewAttributesRecord(
		created, nil, kind, created.GetNamespace(), created.GetName(), resource, "", operation, nil, false, &user.DefaultInfo{Name: "somebody"})
	return attributes
}
