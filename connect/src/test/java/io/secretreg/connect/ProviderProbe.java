package io.secretreg.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;

/**
 * One lookup for each line of standard input, {@code {params, path, keys}}, each with a provider of its own; on standard
 * output {@code {data}} or {@code {error, status}}.
 */
public final class ProviderProbe {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ProviderProbe() {}

    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.print(JSON.writeValueAsString(lookUp(JSON.readTree(line))) + "\n");
        }
        out.flush();
    }

    private static ObjectNode lookUp(JsonNode asked) {
        Map<String, String> params = JSON.convertValue(asked.get("params"), JSON.getTypeFactory().constructMapType(Map.class, String.class, String.class));
        Set<String> keys = new HashSet<>();
        asked.get("keys").forEach(key -> keys.add(key.textValue()));
        ObjectNode told = JSON.createObjectNode();
        SecretRegistryConfigProvider provider = new SecretRegistryConfigProvider();
        try {
            provider.configure(params);
            told.set("data", JSON.valueToTree(provider.get(asked.get("path").textValue(), keys).data()));
        } catch (SecretRegistryException e) {
            told.put("error", e.getMessage()).put("status", e.status());
        } catch (ConfigException e) {
            told.put("error", e.getMessage());
        } finally {
            provider.close();
        }
        return told;
    }
}
