// Command referee judges Pods with the evaluator of Kubernetes' own Pod Security admission plugin:
// it reads one JSON request per line on stdin and writes one JSON answer per line on stdout, in the
// same order. No rule lives here: the rules, the choice of a rule's version and the overrides of
// baseline checks by restricted ones all come from the plugin. It judges what it is given: nothing
// is defaulted or validated as an API server would do before the plugin runs.
//
// `referee decode` does something else: it decodes documents strictly by Kubernetes' own Go types, see decode.go.
// `referee cost` measures what policies cost, see cost.go. `referee convert` reads YAML, see convert.go.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
	strictjson "sigs.k8s.io/json"
)

const (
	firstMinor, lastMinor = 24, 37 // policy versions judged when a request names none
)

// request is one line of input. The id is any JSON value and is handed back as it came; written
// before the pod, it is also known when the pod cannot be read.
type request struct {
	ID       json.RawMessage `json:"id"`
	Pod      *corev1.Pod     `json:"pod"`
	Versions []string        `json:"versions"`
}

// answer is one line of output: verdicts, or the error for which there are none.
type answer struct {
	ID       json.RawMessage `json:"id"`
	Verdicts []verdict       `json:"verdicts,omitempty"`
	Error    string          `json:"error,omitempty"`
}

// verdict lists the ids of the checks that a Pod fails at one level and policy version, in the
// plugin's order; an empty list means that the Pod is allowed.
type verdict struct {
	Level   api.Level `json:"level"`
	Version string    `json:"version"`
	Failed  []string  `json:"failed"`
}

func main() {
	answer := run
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "decode":
			answer = decodeAll
		case "cost":
			answer = costAll
		case "convert":
			answer = convertAll
		}
	}
	if err := answer(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "referee:", err)
		os.Exit(1)
	}
}

// run answers every line of input.
func run(input io.Reader, output io.Writer) error {
	evaluator, err := policy.NewEvaluator(checksNamingThemselves(), nil)
	if err != nil {
		return err
	}
	return answerLines(input, output, func(line []byte) any { return respond(evaluator, line) })
}

// answerLines answers every line of input with one line of output, in the same order.
func answerLines(input io.Reader, output io.Writer, answer func(line []byte) any) error {
	in := bufio.NewReaderSize(input, 1<<16)
	out := bufio.NewWriterSize(output, 1<<20)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		line, end := in.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			if err := encoder.Encode(answer(line)); err != nil {
				return err
			}
		}
		// Whoever asks one question at a time waits for its answer.
		if end != nil || in.Buffered() == 0 {
			if err := out.Flush(); err != nil {
				return err
			}
		}
		if end == io.EOF {
			return nil
		}
		if end != nil {
			return end
		}
	}
}

// checksNamingThemselves returns the plugin's default checks, made to give their id as the reason
// of a refusal. The evaluator drops the ids of the checks it runs; this way its results carry them,
// and which checks run at a level and version stays entirely the evaluator's decision.
func checksNamingThemselves() []policy.Check {
	checks := policy.DefaultChecks()
	for _, check := range checks {
		for i := range check.Versions {
			id, original := string(check.ID), check.Versions[i].CheckPod
			check.Versions[i].CheckPod = func(m *metav1.ObjectMeta, s *corev1.PodSpec) policy.CheckResult {
				result := original(m, s)
				result.ForbiddenReason = id
				return result
			}
		}
	}
	return checks
}

// respond answers one line. A request that cannot be judged gets an error, it is never dropped.
func respond(evaluator policy.Evaluator, line []byte) answer {
	var asked request
	if err := decodeStrictly(line, &asked); err != nil {
		return answer{ID: asked.ID, Error: err.Error()}
	}
	if asked.Pod == nil {
		return answer{ID: asked.ID, Error: "no pod"}
	}
	versions, err := policyVersions(asked.Versions)
	if err != nil {
		return answer{ID: asked.ID, Error: err.Error()}
	}
	var verdicts []verdict
	for _, level := range []api.Level{api.LevelBaseline, api.LevelRestricted} {
		for _, version := range versions {
			failed := failedChecks(evaluator, api.LevelVersion{Level: level, Version: version}, asked.Pod)
			verdicts = append(verdicts, verdict{level, version.String(), failed})
		}
	}
	return answer{ID: asked.ID, Verdicts: verdicts}
}

// failedChecks lists the ids of the checks that refuse the Pod.
func failedChecks(evaluator policy.Evaluator, at api.LevelVersion, pod *corev1.Pod) []string {
	failed := []string{}
	for _, result := range evaluator.EvaluatePod(at, &pod.ObjectMeta, &pod.Spec) {
		if !result.Allowed {
			failed = append(failed, result.ForbiddenReason)
		}
	}
	return failed
}

// decodeStrictly decodes as an API server with strict field validation does: names are
// case-sensitive, unknown and duplicate fields are errors.
func decodeStrictly(data []byte, into any) error {
	complaints, err := strictjson.UnmarshalStrict(data, into)
	return errors.Join(append([]error{err}, complaints...)...)
}

// policyVersions parses names such as "v1.30" or "latest"; no names means the default range.
func policyVersions(names []string) (versions []api.Version, err error) {
	for minor := firstMinor; len(names) == 0 && minor <= lastMinor; minor++ {
		versions = append(versions, api.MajorMinorVersion(1, minor))
	}
	for _, name := range names {
		version, err := api.ParseVersion(name)
		if err != nil {
			return nil, fmt.Errorf("version %q: %w", name, err)
		}
		versions = append(versions, version)
	}
	return versions, nil
}
