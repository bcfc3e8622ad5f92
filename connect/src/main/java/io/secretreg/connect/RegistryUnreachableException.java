package io.secretreg.connect;

/** No registry answered, none works, or none could be asked for want of a token: what was read before may stand in for an answer. */
public final class RegistryUnreachableException extends SecretRegistryException {
    private static final long serialVersionUID = 1L;

    RegistryUnreachableException(String message) {
        super(BAD_GATEWAY, message);
    }
}
