package io.secretreg.connect.rest;

import com.fasterxml.jackson.core.JsonParseException;
import io.secretreg.connect.HandedOut;
import io.secretreg.connect.ProviderSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the reference back for every value that was handed out. Connect itself shows values in the answer of validate, in
 * the messages of refused configurations, in the configurations of tasks and in the traces of what failed.
 */
final class Redaction implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Redaction.class);

    private final Map<String, ProviderSettings> providers;
    private final HandedOut handedOut;
    private final Elsewhere elsewhere;
    private HiddenTexts texts;
    private long generation = -1;

    Redaction(Map<String, ProviderSettings> providers, HandedOut handedOut) {
        this.providers = providers;
        this.handedOut = handedOut;
        elsewhere = new Elsewhere(providers.values(), handedOut);
    }

    /** The answer as it may be shown. Fails with Refusal rather than show what could not be read. */
    byte[] of(Call call, String mediaType, byte[] written) {
        if (written.length == 0) return written;
        String type = mediaType == null ? "" : mediaType.toLowerCase(Locale.ROOT);
        if (type.startsWith("text/")) return asText(call, written);
        if (!type.contains("json")) return written;
        try {
            return new JsonRedactor(this, call).redact(written);
        } catch (JsonParseException e) {
            // As the sentence "User cannot access the resource." of Kafka's own basic authentication is.
            return asText(call, written);
        } catch (IOException e) {
            // Its message would quote the answer.
            LOG.error("secret registry: an answer of the worker could not be read ({}), so it was not given", e.getClass().getSimpleName());
            throw new Refusal(Refusal.INTERNAL, "the answer could not be searched for secrets, so it is not shown");
        }
    }

    private byte[] asText(Call call, byte[] written) {
        return texts().hide(new String(written, StandardCharsets.UTF_8), call.connector()).getBytes(StandardCharsets.UTF_8);
    }

    /** Why it is not known what another worker of the cluster was handed for this connector, or null; empty where it is. */
    String unknownOf(String connector) {
        return connector == null ? "" : elsewhere.learn(connector);
    }

    /** What this worker was handed. */
    synchronized HiddenTexts texts() {
        long current = handedOut.generation();
        if (current == generation) return texts;
        List<Hidden> all = new ArrayList<>();
        for (HandedOut.Entry entry : handedOut.entries()) all.addAll(Hidden.of(entry, providerOf(entry)));
        texts = new HiddenTexts(all, providers.keySet());
        generation = current;
        return texts;
    }

    @Override
    public void close() {
        elsewhere.close();
    }

    private String providerOf(HandedOut.Entry entry) {
        for (Map.Entry<String, ProviderSettings> one : providers.entrySet()) {
            if (one.getValue().equals(entry.provider())) return one.getKey();
        }
        return providers.keySet().iterator().next();
    }
}
