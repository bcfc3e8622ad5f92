package org.apache.kafka.connect.runtime.rest.entities;

import java.util.Map;

/** Stands for Connect's own class, which is a record in Connect 4. */
public class CreateConnectorRequest {
    private final String name;
    private final Map<String, String> config;

    public CreateConnectorRequest(String name, Map<String, String> config) {
        this.name = name;
        this.config = config;
    }

    public String name() {
        return name;
    }

    public Map<String, String> config() {
        return config;
    }
}
