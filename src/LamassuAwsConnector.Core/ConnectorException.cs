namespace LamassuAwsConnector.Core;

/// <summary>How a failure is answered: by HTTP status, by the bus, and in the recorded status.</summary>
public enum FailureKind
{
    /// <summary>The input is wrong and stays wrong: 400; dead letter, no retry.</summary>
    Invalid,

    /// <summary>The object is not in Lamassu: 404; the event is acknowledged as gone.</summary>
    NotFound,

    /// <summary>The state of Lamassu or AWS forbids it, a person has to decide: 409; dead letter, no retry.</summary>
    Conflict,

    /// <summary>Lamassu or AWS denies us access, a fault of the surroundings: 502; retried slowly.</summary>
    Denied,

    /// <summary>Too many calls: 503 with Retry-After; retried.</summary>
    Throttled,

    /// <summary>No answer, or one that says "later": 503 with Retry-After; retried.</summary>
    Unavailable,

    /// <summary>Everything that nobody foresaw: 500; three retries with growing pauses, then dead letter.</summary>
    Unexpected,
}

public enum FailureSource
{
    Connector,
    Lamassu,
    Aws,
}

/// <summary>The one exception of the connector. <paramref name="message"/> names the object and what to do, and holds no secret: it reaches users.</summary>
/// <param name="kind">How the failure is answered.</param>
/// <param name="code">A stable word for the failure: ours in snake_case, or the AWS error code as AWS spells it.</param>
/// <param name="source">Whose failure it is.</param>
/// <param name="message">One sentence for a person.</param>
/// <param name="inner">The cause, for the log.</param>
public sealed class ConnectorException(FailureKind kind, string code, FailureSource source, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public FailureKind Kind { get; } = kind;

    public string Code { get; } = code;

    public FailureSource FailureSource { get; } = source;

    /// <summary>The AWS request id, where AWS gave one: for the log, never part of a recorded status.</summary>
    public string? RequestId { get; init; }
}
