import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigTransformer;
import org.apache.kafka.common.config.provider.ConfigProvider;

/**
 * Kafka's own providers over what `render` has delivered. Takes on stdin {"properties": the settings of a worker, "config":
 * that of a connector}, and answers the configuration as a worker has it. ASCII only, so that no encoding has a say.
 */
public final class RenderedConfig {
    public static void main(String[] args) throws Exception {
        JsonMapper json = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
        Map<String, Map<String, String>> in = json.readValue(System.in, new TypeReference<>() { });
        Map<String, ConfigProvider> providers = new HashMap<>();
        Map<String, String> properties = in.get("properties");
        for (String name : properties.get("config.providers").split(",")) {
            providers.put(name, provider(properties, "config.providers." + name + "."));
        }
        json.writeValue(System.out, new ConfigTransformer(providers).transform(in.get("config")).data());
    }

    private static ConfigProvider provider(Map<String, String> properties, String prefix) throws Exception {
        Class<?> type = Class.forName(properties.get(prefix + "class"));
        ConfigProvider provider = (ConfigProvider) type.getDeclaredConstructor().newInstance();
        Map<String, String> params = new HashMap<>();
        properties.forEach((name, value) -> {
            if (name.startsWith(prefix + "param.")) {
                params.put(name.substring((prefix + "param.").length()), value);
            }
        });
        provider.configure(params);
        return provider;
    }
}
