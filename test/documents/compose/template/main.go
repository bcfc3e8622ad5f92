// Answers what Docker Compose makes of strings, one JSON string a line, where every variable is set to "$()": the string that
// a container gets, or null where the file is refused.
package main

import (
	"bufio"
	"encoding/json"
	"os"

	"github.com/compose-spec/compose-go/v2/template"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	answers := json.NewEncoder(os.Stdout)
	answers.SetEscapeHTML(false)
	for lines.Scan() {
		var written string
		if err := json.Unmarshal(lines.Bytes(), &written); err != nil {
			panic(err)
		}
		made, err := template.Substitute(written, func(string) (string, bool) { return "$()", true })
		if err != nil {
			err = answers.Encode(nil)
		} else {
			err = answers.Encode(made)
		}
		if err != nil {
			panic(err)
		}
	}
}
