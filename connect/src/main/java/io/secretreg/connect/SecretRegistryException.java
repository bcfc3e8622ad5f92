package io.secretreg.connect;

import org.apache.kafka.common.config.ConfigException;

/** What a provider could not do, with the status by which Connect's REST API tells it. Its message never shows a value. */
public class SecretRegistryException extends ConfigException {
    private static final long serialVersionUID = 1L;

    /** What the connector's configuration asks for cannot be: Unprocessable Content. */
    static final int UNPROCESSABLE = 422;
    /** The registry gave no answer that is of use: Bad Gateway. */
    static final int BAD_GATEWAY = 502;

    private final int status;
    private final boolean isOfLogIn;

    public SecretRegistryException(int status, String message) {
        this(status, message, false);
    }

    SecretRegistryException(int status, String message, boolean isOfLogIn) {
        super(message);
        this.status = status;
        this.isOfLogIn = isOfLogIn;
    }

    /** Whether the registry does not take this worker for one that may ask. */
    boolean isOfLogIn() {
        return isOfLogIn;
    }

    public int status() {
        return status;
    }
}
