// What hashicorp/hcl reads of texts that stand on standard input, a JSON string on each line: why it refuses one, or what
// the arguments of its first block give without variables. See scripts/terraform-golden.ts.
package main

import (
	"bufio"
	"encoding/json"
	"os"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

type told struct {
	Refused string                     `json:"refused,omitempty"`
	Values  map[string]json.RawMessage `json:"values,omitempty"`
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<26), 1<<26)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for in.Scan() {
		var text string
		if err := json.Unmarshal(in.Bytes(), &text); err != nil {
			panic(err)
		}
		if err := out.Encode(read(text)); err != nil {
			panic(err)
		}
	}
}

func read(text string) told {
	file, diagnostics := hclsyntax.ParseConfig([]byte(text), "main.tf", hcl.InitialPos)
	for _, one := range diagnostics {
		if one.Severity == hcl.DiagError {
			return told{Refused: one.Summary}
		}
	}
	values := map[string]json.RawMessage{}
	for _, block := range file.Body.(*hclsyntax.Body).Blocks {
		for name, argument := range block.Body.Attributes {
			values[name] = value(argument.Expr)
		}
		break
	}
	return told{Values: values}
}

// What needs a variable or a function is null.
func value(expression hclsyntax.Expression) json.RawMessage {
	it, diagnostics := expression.Value(nil)
	if diagnostics.HasErrors() || !it.IsWhollyKnown() {
		return json.RawMessage("null")
	}
	text, err := ctyjson.Marshal(it, it.Type())
	if err != nil {
		panic(err)
	}
	return text
}
