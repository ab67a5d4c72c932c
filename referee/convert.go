package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"

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
	lines := bufio.NewReaderSize(input, 1<<16)
	encoder := json.NewEncoder(output)
	for {
		line, end := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			if err := encoder.Encode(convert(line)); err != nil {
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

func convert(line []byte) converted {
	var asked text
	if err := decodeStrictly(line, &asked); err != nil {
		return converted{ID: asked.ID, Error: err.Error()}
	}
	answer := converted{ID: asked.ID, Documents: []meaning{}}
	reader := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewBufferString(asked.Text)))
	for {
		document, err := reader.Read()
		if err == io.EOF {
			return answer
		}
		if err != nil {
			answer.Error = err.Error()
			return answer
		}
		answer.Documents = append(answer.Documents, read(document))
	}
}

func read(document []byte) meaning {
	json, err := yaml.YAMLToJSON(document)
	if err != nil {
		return meaning{Error: err.Error()}
	}
	return meaning{JSON: json}
}
