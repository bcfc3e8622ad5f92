package io.secretreg.connect.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.secretreg.connect.SecretRegistryConfigProvider;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestSettingsTest {
    private static final String OURS = SecretRegistryConfigProvider.class.getName();

    private static Map<String, Object> worker(String... more) {
        Map<String, Object> configs = new TreeMap<>(Map.of("bootstrap.servers", "x:9092"));
        for (int i = 0; i < more.length; i += 2) configs.put(more[i], more[i + 1]);
        return configs;
    }

    private static Map<String, Object> withProvider(String name, String... more) {
        Map<String, Object> configs = worker(more);
        configs.put("config.providers." + name + ".class", OURS);
        configs.put("config.providers." + name + ".param.url", "http://127.0.0.1:1");
        configs.put("config.providers." + name + ".param.token", "t");
        return configs;
    }

    private static String refusal(Map<String, Object> configs) {
        return assertThrows(ConfigException.class, () -> RestSettings.parse(configs)).getMessage();
    }

    @Test
    void aProviderIsOursByItsClass() {
        Map<String, Object> configs = withProvider("secret");
        configs.putAll(withProvider("vault.eu"));
        configs.put("config.providers.env.class", "org.apache.kafka.common.config.provider.EnvVarConfigProvider");
        configs.put("config.providers.vault.eu.class.x", "y");
        assertEquals(Set.of("secret", "vault.eu"), RestSettings.parse(configs).providers().keySet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SecretRegistryConfigProvider", "SecretRegistry", " io.secretreg.connect.SecretRegistryConfigProvider "})
    void itsAliasesAreOursToo(String name) {
        Map<String, Object> configs = withProvider("s");
        configs.put("config.providers.s.class", name);
        assertEquals(Set.of("s"), RestSettings.parse(configs).providers().keySet());
        configs.put("config.providers.s.class", SecretRegistryConfigProvider.class);
        assertEquals(Set.of("s"), RestSettings.parse(configs).providers().keySet());
    }

    @Test
    void withoutOneTheWorkerDoesNotStart() {
        String message = refusal(worker("config.providers", "env", "config.providers.env.class", "x.Env", "config.providers..class", OURS));
        assertTrue(message.contains("no setting 'config.providers.NAME.class' is '" + OURS + "'"), message);
    }

    @Test
    void whatTheProviderRefusesIsRefusedHere() {
        Map<String, Object> configs = withProvider("secret");
        configs.remove("config.providers.secret.param.url");
        assertTrue(refusal(configs).contains("'url'"));
    }

    @ParameterizedTest
    @CsvSource({"secret.registry.rest.authorize", "secret.registry.rest.proxy", "secret.registry.all.providers"})
    void aSwitchIsTrueOrFalse(String name) {
        assertEquals("setting '" + name + "' is 'yes': it takes true or false", refusal(withProvider("secret", name, "yes")));
        RestSettings on = RestSettings.parse(withProvider("secret", name, " true "));
        RestSettings off = RestSettings.parse(withProvider("secret", name, "false"));
        assertEquals(name.endsWith("authorize"), on.authorizes());
        assertEquals(name.endsWith("proxy"), on.proxies());
        assertEquals(name.endsWith("providers"), on.rulesAllProviders());
        assertFalse(off.authorizes() || off.proxies() || off.rulesAllProviders());
    }

    @Test
    void aSlipInTheNameOfASwitchIsNoSwitchThatIsOff() {
        String message = refusal(withProvider("secret", "secret.registry.rest.authorise", "true"));
        assertTrue(message.startsWith("setting 'secret.registry.rest.authorise' is none"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"compatible", "eager", "COMPATIBLE", ""})
    void aWorkerThatTakesTasksFromAnybodyDoesNotStart(String protocol) {
        String message = refusal(withProvider("secret", "connect.protocol", protocol));
        assertTrue(message.startsWith("setting 'connect.protocol' is '" + protocol + "': with that, workers take"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sessioned", "SESSIONED"})
    void aWorkerThatWantsSignaturesStarts(String protocol) {
        assertEquals(Set.of("secret"), RestSettings.parse(withProvider("secret", "connect.protocol", protocol)).providers().keySet());
    }

    @Test
    void theRoutesOfOneRegistryCanStandOnThePort() {
        Map<String, Object> configs = withProvider("secret", "secret.registry.rest.proxy", "true");
        configs.putAll(withProvider("vault"));
        assertTrue(RestSettings.parse(configs).proxies());
        configs.put("config.providers.vault.param.url", "http://127.0.0.1:2");
        assertTrue(refusal(configs).contains("'secret', 'vault' have different registries"));
    }

    @Test
    void itTellsWhatItDoesWithoutAToken() {
        String text = RestSettings.parse(withProvider("vault", "secret.registry.rest.authorize", "true")).toString();
        assertTrue(text.contains("'vault'") && text.contains("'configure'") && !text.contains("param"), text);
    }
}
