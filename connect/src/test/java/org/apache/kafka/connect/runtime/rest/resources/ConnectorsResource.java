package org.apache.kafka.connect.runtime.rest.resources;

import java.util.Map;

/** Stands for Connect's own class, of which a request shows name, methods and what they answer. */
public class ConnectorsResource {
    public Object listConnectors() {
        return null;
    }

    public Object createConnector() {
        return null;
    }

    public Object getConnectorStatus() {
        return null;
    }

    public Object getTaskConfigs() {
        return null;
    }

    public Map<String, String> getConnectorConfig() {
        return null;
    }

    public Object putConnectorConfig() {
        return null;
    }

    public Object restartConnector() {
        return null;
    }
}
