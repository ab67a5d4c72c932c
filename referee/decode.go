package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apiserver/pkg/apis/apiserver"
	apiserverv1 "k8s.io/apiserver/pkg/apis/apiserver/v1"
	apiservervalidation "k8s.io/apiserver/pkg/apis/apiserver/validation"
	"k8s.io/apiserver/pkg/apis/audit"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"
	auditvalidation "k8s.io/apiserver/pkg/apis/audit/validation"
	clientcmdv1 "k8s.io/client-go/tools/clientcmd/api/v1"
	kubeletv1beta1 "k8s.io/kubelet/config/v1beta1"
	podsecurityv1 "k8s.io/pod-security-admission/admission/api/v1"
	podsecurityv1beta1 "k8s.io/pod-security-admission/admission/api/v1beta1"
)

// text is one line of input in decode mode: YAML or JSON with any number of documents.
type text struct {
	ID   json.RawMessage `json:"id"`
	Text string          `json:"text"`
	// Pods are held against the ValidatingAdmissionPolicies of the text.
	Pods []map[string]any `json:"pods"`
}

// decoded is one line of output: the kinds that were decoded, in order, or the first complaint.
type decoded struct {
	ID    json.RawMessage `json:"id"`
	Kinds []string        `json:"kinds"`
	Error string          `json:"error,omitempty"`
	// Denied says for each pod whether some policy of the text denies it.
	Denied []bool `json:"denied,omitempty"`
}

// decodeAll answers every line of input with what strict decoding by Kubernetes' own types says.
func decodeAll(input io.Reader, output io.Writer) error {
	scheme, err := knownKinds()
	if err != nil {
		return err
	}
	codecs := serializer.NewCodecFactory(scheme, serializer.EnableStrict)
	return answerLines(input, output, func(line []byte) any { return answerText(codecs, scheme, line) })
}

// knownKinds registers the objects of the API and the files that Kubernetes' programs read.
func knownKinds() (*runtime.Scheme, error) {
	scheme := runtime.NewScheme()
	metav1.AddToGroupVersion(scheme, corev1.SchemeGroupVersion)
	for _, add := range []func(*runtime.Scheme) error{
		corev1.AddToScheme, appsv1.AddToScheme, batchv1.AddToScheme, networkingv1.AddToScheme, rbacv1.AddToScheme,
		admissionregistrationv1.AddToScheme, clientcmdv1.AddToScheme,
		apiserver.AddToScheme, apiserverv1.AddToScheme, audit.AddToScheme, auditv1.AddToScheme,
		kubeletv1beta1.AddToScheme, podsecurityv1.AddToScheme, podsecurityv1beta1.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			return nil, err
		}
	}
	return scheme, nil
}

func answerText(codecs serializer.CodecFactory, scheme *runtime.Scheme, line []byte) decoded {
	var asked text
	if err := decodeStrictly(line, &asked); err != nil {
		return decoded{ID: asked.ID, Error: err.Error()}
	}
	answer := decoded{ID: asked.ID, Kinds: []string{}}
	err := eachDocument(asked.Text, func(document []byte) error {
		kinds, object, err := decodeDocument(codecs, scheme, document)
		answer.Kinds = append(answer.Kinds, kinds...)
		if policy, is := object.(*admissionregistrationv1.ValidatingAdmissionPolicy); is && err == nil {
			answer.Denied, err = merged(answer.Denied, policy, asked.Pods)
		}
		return err
	})
	if err != nil {
		answer.Error = err.Error()
	}
	return answer
}

// merged adds what one more policy denies.
func merged(before []bool, policy *admissionregistrationv1.ValidatingAdmissionPolicy, pods []map[string]any) ([]bool, error) {
	denied, err := denies(policy, pods)
	for i := range before {
		denied[i] = denied[i] || before[i]
	}
	return denied, err
}

// decodeDocument decodes one document and what is embedded in it, and validates where Kubernetes' own
// validation is a library.
func decodeDocument(codecs serializer.CodecFactory, scheme *runtime.Scheme, document []byte) ([]string, runtime.Object, error) {
	object, kind, err := codecs.UniversalDeserializer().Decode(document, nil, nil)
	if err != nil {
		return nil, nil, err
	}
	kinds := []string{kind.Kind}
	switch object := object.(type) {
	case *apiserverv1.AdmissionConfiguration:
		for _, plugin := range object.Plugins {
			inner, _, err := decodeDocument(codecs, scheme, plugin.Configuration.Raw)
			kinds = append(kinds, inner...)
			if err != nil {
				return kinds, object, fmt.Errorf("plugin %s: %w", plugin.Name, err)
			}
		}
	case *apiserverv1.EncryptionConfiguration:
		var internal apiserver.EncryptionConfiguration
		scheme.Default(object)
		if err := scheme.Convert(object, &internal, nil); err != nil {
			return kinds, object, err
		}
		return kinds, object, apiservervalidation.ValidateEncryptionConfiguration(&internal, true).ToAggregate()
	case *auditv1.Policy:
		var internal audit.Policy
		if err := scheme.Convert(object, &internal, nil); err != nil {
			return kinds, object, err
		}
		return kinds, object, auditvalidation.ValidatePolicy(&internal).ToAggregate()
	case *clientcmdv1.Config:
		if len(object.Clusters) == 0 || object.CurrentContext == "" {
			return kinds, object, errors.New("a kubeconfig without a cluster or a current context")
		}
	}
	return kinds, object, nil
}
