// The same for .properties, Terraform in both its forms, ksqlDB and scripts of a shell: whatever is wrong with a file, no report shows a credential of it.
import { expect, test } from 'vitest';
import { reports } from '../../src/validator/reports/index.ts';
import { plainStyle } from '../../src/validator/reports/report.ts';
import { validate } from '../../src/validator/validate.ts';
import { generator } from '../random.ts';

const SEED = Number(process.env['SECRETREG_TEST_SEED'] ?? Date.now() % 1_000_000);

/** Six signs of it in a row are a leak. No six of them can be the name of a setting, which is shown. */
const C = 'Qk/Zw+Xv/Jy+Hq/Gz';
const PIECES = Array.from({ length: C.length - 5 }, (_, at) => C.slice(at, at + 6).toLowerCase());

const FILES = {
  'a.properties': `# ${C}\nname=orders\nconnector.class=X\nconnection.password=${C}\nurl=jdbc:x://a:${C}@h/\${secret:other:p}\njaas=a \\\n  password="${C}" \\\n  user="\${secret:orderz:u}";\nk\\u0041=${C}\n! ${C}\nkey=-----BEGIN\n${C}${C}\n`,
  'a.tf': `# ${C}\nresource "kafka-connect_connector" "x" {\n  name = "orders"\n  config = {\n    "connector.class" = "X"\n    "connection.password" = "${C}"\n    url : "jdbc:x://a:${C}@h/$\${secret:other:p}" // ${C}\n    jaas = <<-EOT\n      password="${C}"\n      user="$\${secret:orderz:u}"\n    EOT\n    other = "\${secret:orders:p} ;;; = ${C}" /* ${C} */\n  }\n}\nresource "aws_db" "y" {\n  password = "${C}"\n}\n`,
  'a.tf.json': `{\n  "//": "${C}",\n  "resource": [{ "kafka-connect_connector": { "x": {\n    "name": "orders",\n    "config": {\n      "connector.class": "X",\n      "connection.password": "${C}",\n      "url": "jdbc:x://\${var.h}:${C}@h/$\${secret:other:p} %%{${C}",\n      "jaas": "password=\\"${C}\\" \\u0024$\\u007bsecret:orderz:u}\\n",\n      "other": "\${secret:orders:p} ;;; = ${C}"\n    }\n  } } }],\n  "output": { "y": { "value": "${C}" } }\n}\n`,
  'a.sql': `-- ${C}\nSET 'x'='${C}';\nCREATE SINK CONNECTOR orders WITH (\n  'connector.class'='X',\n  'password'='${C}',\n  'it''s'='don''t ${C} \${secret:other:p}', -- ${C}\n  "user" = '\${secret:ORDERS:u} ;;; = ${C}' /* ${C} */\n);\nINSERT INTO t VALUES ('${C}');\n`,
  'a.sh': `#!/bin/sh\nPW='${C}' # ${C}\ncurl -u "a:${C}" -d '{\n  "name": "orders",\n  "connector.class": "X",\n  "password": "${C}",\n  "url": "jdbc:x://a:${C}@h/\${secret:other:p}",\n  "tasks.max": '"\${N:-${C}}"'\n}' http://c\ncurl -d "{\\"connector.class\\": \\"X\\", \\"password\\": \\"${C}\\", \\"user\\": \\"\${secret:orderz:u}\\"}" http://c/connectors/orders/config\ncat <<E | $(echo ${C})\n{"name": "orders", "connector.class": "X", "password": "${C} \${secret:orders:p}", "user": "$(cat ${C})"}\nE\n`,
};

/** What is typed too much. */
const SIGNS = [
  ...['"', "'", '\\', '{', '}', '(', ')', '=', ':', ',', ';', '\n', '\r', '$', '${', '#', '--'],
  ...['/*', '*/', ' ', '$(', '\'"', 'name=orders\n', '<<E\n', '`', '%{', '@', '|'],
];

test.each(Object.entries(FILES))(
  `of 1,500 ways to damage %s (seed ${SEED}) none shows a credential`,
  async (file, text) => {
    console.log(`SECRETREG_TEST_SEED=${SEED}`);
    const random = generator(SEED);
    const below = (count: number) => Math.floor(random() * count);
    let findings = 0;
    for (let run = 0; run < 1500; run += 1) {
      let damaged = text;
      for (let slips = 1 + below(2); slips > 0; slips -= 1) {
        const at = below(damaged.length);
        const sign = random() < 0.6 ? (SIGNS[below(SIGNS.length)] ?? '') : '';
        damaged = damaged.slice(0, at) + sign + damaged.slice(at + below(2));
      }
      const files = await validate([{ file, text: damaged }]);
      findings += files[0]?.diagnostics.length ?? 0;
      const report = { files, existenceChecked: false };
      const shown = `${reports.text(report, plainStyle)}${reports.jsonl(report, plainStyle)}`;
      const lower = shown.toLowerCase();
      expect(
        PIECES.filter((piece) => lower.includes(piece)),
        damaged,
      ).toEqual([]);
    }
    expect(findings).toBeGreaterThan(1500);
  },
  60_000,
);
