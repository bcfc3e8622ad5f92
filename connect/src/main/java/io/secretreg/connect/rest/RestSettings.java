package io.secretreg.connect.rest;

import io.secretreg.connect.ProviderSettings;
import io.secretreg.connect.SecretRegistryConfigProvider;
import io.secretreg.connect.Shown;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigException;

/** What the worker's file says to the extension: its own switches, and which providers of the worker are ours. */
public final class RestSettings {
    static final String AUTHORIZE = "secret.registry.rest.authorize";
    static final String PROXY = "secret.registry.rest.proxy";
    static final String ALL_PROVIDERS = "secret.registry.all.providers";
    private static final String PROTOCOL = "connect.protocol";
    private static final List<String> SWITCHES = List.of(AUTHORIZE, PROXY, ALL_PROVIDERS);

    private static final String PREFIX = "config.providers.";
    private static final String CLASS = ".class";
    /** The class, and its two aliases as Connect makes them. */
    private static final Set<String> OUR_CLASSES = Set.of(
            SecretRegistryConfigProvider.class.getName(),
            SecretRegistryConfigProvider.class.getSimpleName(),
            "SecretRegistry");

    private final SortedMap<String, ProviderSettings> providers;
    private final boolean authorizes;
    private final boolean proxies;
    private final boolean rulesAllProviders;

    private RestSettings(Map<String, ?> configs) {
        refuseUnknown(configs);
        refuseUnsigned(configs);
        providers = providersOf(configs);
        authorizes = flag(configs, AUTHORIZE);
        proxies = flag(configs, PROXY);
        rulesAllProviders = flag(configs, ALL_PROVIDERS);
        if (proxies) refuseSeveralRegistries();
    }

    /** Parses the worker's own settings. Fails with ConfigException. */
    public static RestSettings parse(Map<String, ?> configs) {
        return new RestSettings(configs);
    }

    /** Ours, by the names that references have them by; at least one. */
    SortedMap<String, ProviderSettings> providers() {
        return providers;
    }

    boolean authorizes() {
        return authorizes;
    }

    boolean proxies() {
        return proxies;
    }

    /** The literal reading of the original's rule: it counts for each reference, whatever provider resolves it. */
    boolean rulesAllProviders() {
        return rulesAllProviders;
    }

    @Override
    public String toString() {
        String ruled = rulesAllProviders ? "of every provider" : "of provider " + Shown.names(providers.keySet());
        return "a connector may only refer to secrets under its own name, in references " + ruled
                + (authorizes ? "; who changes a connector needs the right 'configure' on its name" : "")
                + (proxies ? "; /secret/paths of this worker is the registry's" : "");
    }

    /** `config.providers` itself does not reach an extension, so a provider is one of ours by its class. */
    private static SortedMap<String, ProviderSettings> providersOf(Map<String, ?> configs) {
        SortedMap<String, ProviderSettings> providers = new TreeMap<>();
        for (String setting : configs.keySet()) {
            if (!setting.startsWith(PREFIX) || !setting.endsWith(CLASS) || !isOurs(configs.get(setting))) continue;
            if (setting.length() <= PREFIX.length() + CLASS.length()) continue;
            String name = setting.substring(PREFIX.length(), setting.length() - CLASS.length());
            providers.put(name, ProviderSettings.parse(paramsOf(configs, name)));
        }
        if (!providers.isEmpty()) return Collections.unmodifiableSortedMap(providers);
        throw new ConfigException("the secret registry's REST extension has no provider to watch over: no setting"
                + " 'config.providers.NAME.class' is '" + SecretRegistryConfigProvider.class.getName() + "'; set"
                + " 'config.providers=secret' and 'config.providers.secret.class=" + SecretRegistryConfigProvider.class.getName()
                + "', or take the extension out of 'rest.extension.classes'");
    }

    /** A class or, from a file, its name. */
    private static boolean isOurs(Object value) {
        String name = value instanceof Class ? ((Class<?>) value).getName() : String.valueOf(value).trim();
        return OUR_CLASSES.contains(name);
    }

    private static Map<String, Object> paramsOf(Map<String, ?> configs, String provider) {
        String prefix = PREFIX + provider + ".param.";
        Map<String, Object> params = new HashMap<>();
        for (String setting : configs.keySet()) {
            if (setting.startsWith(prefix)) params.put(setting.substring(prefix.length()), configs.get(setting));
        }
        return params;
    }

    private static boolean flag(Map<String, ?> configs, String name) {
        Object value = configs.get(name);
        String text = value == null ? "false" : value.toString().trim();
        if (text.equals("true") || text.equals("false")) return text.equals("true");
        throw new ConfigException("setting '" + name + "' is " + Shown.name(text) + ": it takes true or false");
    }

    /** With a slip in its name, a switch that should protect would be off without a word. */
    private static void refuseUnknown(Map<String, ?> configs) {
        List<String> unknown = new ArrayList<>();
        for (String name : configs.keySet()) {
            if (name.startsWith("secret.registry.") && !SWITCHES.contains(name)) unknown.add(name);
        }
        if (unknown.isEmpty()) return;
        throw new ConfigException("setting " + Shown.names(unknown) + " is none of the secret registry's REST extension: there are "
                + String.join(", ", SWITCHES));
    }

    /** With an older protocol the workers' own route takes the configurations of tasks from anybody (KIP-507). */
    private static void refuseUnsigned(Map<String, ?> configs) {
        Object value = configs.get(PROTOCOL);
        String protocol = String.valueOf(value);
        if (value == null || protocol.equalsIgnoreCase("sessioned")) return;
        throw new ConfigException("setting '" + PROTOCOL + "' is " + Shown.name(protocol) + ": with that, workers take the configurations of"
                + " tasks from anybody, without a signature and past the secret registry's rule; it takes sessioned, which is what a worker without"
                + " this setting has");
    }

    private void refuseSeveralRegistries() {
        Set<Object> registries = new HashSet<>();
        for (ProviderSettings one : providers.values()) registries.add(one.urls());
        if (registries.size() == 1) return;
        throw new ConfigException("setting '" + PROXY + "' is true, and the providers " + Shown.names(providers.keySet())
                + " have different registries: the routes of one can stand on the worker's port; give them the same 'url', or set it to false");
    }
}
