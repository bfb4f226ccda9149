using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>Temporary credentials of a role.</summary>
internal sealed record Session(string AccessKeyId, string SecretAccessKey, string Token, string AssumedRoleArn, string AssumedRoleId, DateTimeOffset Expires);

/// <summary>Temporary credentials that were handed out. They end by the machine's clock, by which clients judge them.</summary>
internal sealed class Sessions
{
    private readonly ConcurrentDictionary<string, Session> issued = new(StringComparer.Ordinal);

    // Boxed, so that it is read and written at once.
    private volatile object? lifetime;

    /// <summary>In place of the one that is asked for, to see what happens at the end; null: as asked for.</summary>
    public TimeSpan? Lifetime
    {
        get => (TimeSpan?)lifetime;
        set => lifetime = value;
    }

    public Session Issue(string partition, string account, string role, string sessionName, TimeSpan asked)
    {
        var session = new Session(
            "ASIA" + RandomNumberGenerator.GetHexString(16),
            RandomNumberGenerator.GetHexString(40),
            RandomNumberGenerator.GetHexString(64),
            $"arn:{partition}:sts::{account}:assumed-role/{role}/{sessionName}",
            $"AROASANDBOX:{sessionName}",
            TimeProvider.System.GetUtcNow() + (Lifetime ?? asked)
        );
        issued[session.AccessKeyId] = session;
        return session;
    }

    public Session? Find(string accessKeyId) => issued.GetValueOrDefault(accessKeyId);
}
