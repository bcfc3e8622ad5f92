package io.secretreg.connect;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.ConfigTransformer;
import org.apache.kafka.common.config.provider.ConfigProvider;

/**
 * A text as a JSON string on each line of standard input; on standard output what Kafka's ConfigTransformer makes of it,
 * with a provider of every name that answers with what it was asked for, and what our scanner finds.
 */
public final class ScannerOracle {
    // Half a surrogate pair would become a question mark otherwise.
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private ScannerOracle() {}

    public static void main(String[] args) throws Exception {
        ConfigTransformer kafka = new ConfigTransformer(new EveryProvider());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String text = JSON.readValue(line, String.class);
            ObjectNode told = JSON.createObjectNode();
            told.put("kafka", kafka.transform(Map.of("it", text)).data().get("it"));
            told.set("references", references(text));
            out.print(JSON.writeValueAsString(told) + "\n");
        }
        out.flush();
    }

    private static ArrayNode references(String text) {
        ArrayNode all = JSON.createArrayNode();
        for (Reference one : ReferenceScanner.scan(text)) {
            if (!one.text().equals(text.substring(one.start(), one.end()))) throw new AssertionError("text() of " + text);
            all.addObject()
                    .put("start", one.start())
                    .put("end", one.end())
                    .put("provider", one.provider())
                    .put("path", one.path())
                    .put("hasPath", one.hasPath())
                    .put("key", one.key());
        }
        return all;
    }

    private static final class EveryProvider extends HashMap<String, ConfigProvider> {
        private static final long serialVersionUID = 1L;

        @Override
        public ConfigProvider get(Object name) {
            return new Echo((String) name);
        }
    }

    private static final class Echo implements ConfigProvider {
        private final String name;

        private Echo(String name) {
            this.name = name;
        }

        @Override
        public ConfigData get(String path) {
            throw new AssertionError("Kafka asks for keys");
        }

        @Override
        public ConfigData get(String path, Set<String> keys) {
            Map<String, String> values = new HashMap<>();
            for (String key : keys) values.put(key, "<" + hex(name) + "/" + hex(path) + "/" + hex(key) + ">");
            return new ConfigData(values);
        }

        @Override
        public void configure(Map<String, ?> configs) {}

        @Override
        public void close() {}
    }

    private static String hex(String text) {
        StringBuilder all = new StringBuilder();
        text.chars().forEach(unit -> all.append(String.format("%04x", unit)));
        return all.toString();
    }
}
