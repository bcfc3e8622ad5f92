// What hashicorp/hcl reads of texts that stand on standard input, a JSON string on each line: why it refuses one, or what
// the arguments of its first block give without variables. With the argument `json`, the texts are of Terraform's JSON
// syntax, and why an argument alone is refused is told beside its value. See scripts/terraform-golden.ts.
package main

import (
	"bufio"
	"encoding/json"
	"os"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	hcljson "github.com/hashicorp/hcl/v2/json"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

type told struct {
	Refused string                     `json:"refused,omitempty"`
	Values  map[string]json.RawMessage `json:"values,omitempty"`
	Whys    map[string]string          `json:"whys,omitempty"`
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<26), 1<<26)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	read := read
	if len(os.Args) > 1 && os.Args[1] == "json" {
		read = readJSON
	}
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
			values[name] = value(argument.Expr, nil)
		}
		break
	}
	return told{Values: values}
}

var resources = &hcl.BodySchema{
	Blocks: []hcl.BlockHeaderSchema{{Type: "resource", LabelNames: []string{"type", "name"}}},
}

// Without one, the texts of JSON are no templates.
var context = &hcl.EvalContext{}

// Of the last resource, for there may be several of one name.
func readJSON(text string) told {
	file, diagnostics := hcljson.Parse([]byte(text), "main.tf.json")
	if diagnostics.HasErrors() {
		return told{Refused: diagnostics[0].Summary}
	}
	content, _, diagnostics := file.Body.PartialContent(resources)
	if diagnostics.HasErrors() {
		return told{Refused: diagnostics[0].Summary}
	}
	values, whys := map[string]json.RawMessage{}, map[string]string{}
	for _, block := range content.Blocks {
		arguments, diagnostics := block.Body.JustAttributes()
		if diagnostics.HasErrors() {
			return told{Refused: diagnostics[0].Summary}
		}
		for name, argument := range arguments {
			values[name] = value(argument.Expr, context)
			if _, diagnostics := argument.Expr.Value(context); diagnostics.HasErrors() {
				whys[name] = diagnostics[0].Summary
			}
		}
	}
	return told{Values: values, Whys: whys}
}

// What needs a variable or a function is null.
func value(expression hcl.Expression, context *hcl.EvalContext) json.RawMessage {
	it, diagnostics := expression.Value(context)
	if diagnostics.HasErrors() || !it.IsWhollyKnown() {
		return json.RawMessage("null")
	}
	text, err := ctyjson.Marshal(it, it.Type())
	if err != nil {
		panic(err)
	}
	return text
}
