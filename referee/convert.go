package main

import (
	"bufio"
	"encoding/json"
	"io"
	"strings"

	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// `referee convert` splits texts and turns their documents into JSON with the libraries by which kubectl reads them.

// converted is one line of output: each document of the text.
type converted struct {
	ID        json.RawMessage `json:"id"`
	Documents []meaning       `json:"documents"`
	Error     string          `json:"error,omitempty"`
}

// meaning is what a document means, or why it means nothing.
type meaning struct {
	JSON  json.RawMessage `json:"json,omitempty"`
	Error string          `json:"error,omitempty"`
}

// convertAll answers every line of input.
func convertAll(input io.Reader, output io.Writer) error {
	return answerLines(input, output, func(line []byte) any { return convert(line) })
}

func convert(line []byte) converted {
	var asked text
	if err := decodeStrictly(line, &asked); err != nil {
		return converted{ID: asked.ID, Error: err.Error()}
	}
	answer := converted{ID: asked.ID, Documents: []meaning{}}
	err := eachDocument(asked.Text, func(document []byte) error {
		answer.Documents = append(answer.Documents, read(document))
		return nil
	})
	if err != nil {
		answer.Error = err.Error()
	}
	return answer
}

// eachDocument hands out the documents of a text as kubectl splits it, up to the first error.
func eachDocument(text string, take func(document []byte) error) error {
	reader := utilyaml.NewYAMLReader(bufio.NewReader(strings.NewReader(text)))
	for {
		document, err := reader.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := take(document); err != nil {
			return err
		}
	}
}

func read(document []byte) meaning {
	json, err := yaml.YAMLToJSON(document)
	if err != nil {
		return meaning{Error: err.Error()}
	}
	return meaning{JSON: json}
}
