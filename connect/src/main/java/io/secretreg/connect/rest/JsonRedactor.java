package io.secretreg.connect.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Set;

/**
 * Copies JSON token by token, with references for values in its texts. What Connect itself fills in stays: a user name that
 * is also the name of another connector, or the word "source", must not make lists and states unreadable for the programs
 * that read them.
 */
final class JsonRedactor {
    private static final JsonFactory JSON = new JsonFactory();
    /** Members of Connect's own answers, which no connector fills. */
    private static final Set<String> WORDS_OF_CONNECT = Set.of(
            "name", "connector", "type", "state", "worker_id", "class", "version", "importance", "width", "commit", "kafka_cluster_id", "level");
    /** Names of classes: a value here could not be loaded. */
    private static final Set<String> CLASSES = Set.of("connector.class", "task.class");
    /** What the connector fills, with names of its own. */
    private static final Set<String> OF_CONNECTORS = Set.of("config", "partition", "offset");

    private final Redaction redaction;
    private final Call call;
    /** Whose part of a list this is. */
    private String listed;

    JsonRedactor(Redaction redaction, Call call) {
        this.redaction = redaction;
        this.call = call;
    }

    /** Fails where it is no JSON to the end, before any of it is shown. */
    byte[] redact(byte[] json) throws IOException {
        ByteArrayOutputStream shown = new ByteArrayOutputStream(json.length + 256);
        try (JsonParser parser = JSON.createParser(json);
                JsonGenerator generator = JSON.createGenerator(shown)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) copy(token, parser, generator);
        }
        return shown.toByteArray();
    }

    private void copy(JsonToken token, JsonParser parser, JsonGenerator generator) throws IOException {
        if (token == JsonToken.FIELD_NAME) generator.writeFieldName(nameOf(parser));
        else if (token == JsonToken.VALUE_STRING) generator.writeString(textOf(parser));
        // Digit by digit as it was.
        else if (token.isNumeric()) generator.writeNumber(parser.getText());
        else generator.copyCurrentEvent(parser);
    }

    private String nameOf(JsonParser parser) throws IOException {
        String name = parser.currentName();
        boolean isConnector = call.answersList() && parser.getParsingContext().getParent().inRoot();
        if (isConnector) listed = name;
        return isConnector ? name : redaction.texts().hideInName(name, connector());
    }

    private String textOf(JsonParser parser) throws IOException {
        String text = parser.getText();
        if (text.equals(connector()) || isWordOfConnect(parser.getParsingContext())) return text;
        String unknown = isOfAnyWorker(parser.currentName()) ? redaction.unknownOf(connector()) : "";
        return unknown.isEmpty() ? redaction.texts().hide(text, connector()) : "[hidden: " + unknown + "]";
    }

    /** The status of a task tells of it wherever it runs, and its configuration was made where its connector runs. */
    private boolean isOfAnyWorker(String member) {
        return "trace".equals(member) || call.answersTasks();
    }

    private String connector() {
        return listed != null ? listed : call.connector();
    }

    private boolean isWordOfConnect(JsonStreamContext context) {
        // An array at the root is one of names.
        if (context.inArray()) return context.getParent().inRoot();
        String member = context.getCurrentName();
        if (member == null) return false;
        if (CLASSES.contains(member)) return true;
        return WORDS_OF_CONNECT.contains(member) && !call.answersSettings() && !isOfConnector(context);
    }

    private static boolean isOfConnector(JsonStreamContext context) {
        for (JsonStreamContext outer = context.getParent(); outer != null; outer = outer.getParent()) {
            if (outer.hasCurrentName() && OF_CONNECTORS.contains(outer.getCurrentName())) return true;
        }
        return false;
    }
}
