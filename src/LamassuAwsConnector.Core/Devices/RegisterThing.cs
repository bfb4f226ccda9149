using System.Text.Json.Nodes;

namespace LamassuAwsConnector.Core.Devices;

/// <summary>Asks that a Lamassu device with its current identity is an AWS IoT thing.</summary>
/// <param name="DeviceId">The device, and the thing's name.</param>
public sealed record RegisterThing(string DeviceId)
{
    /// <summary>The identity that an event says was bound; null: whatever the device's current one is.</summary>
    public BoundCertificate? Bound { get; init; }

    /// <summary>A person or script asks, so that devices of a DMS in mode <c>jitp</c> are registered too.</summary>
    public bool IsExplicit { get; init; }

    /// <summary>
    /// Only a device whose certificate AWS knows already gets what it lacks: in mode <c>jitp</c> a device comes by itself, at its first connection.
    /// </summary>
    public bool OnlyIfKnown { get; init; }

    /// <summary>The DMS has to be read at this time or later; null: one that is remembered will do.</summary>
    public DateTimeOffset? DmsAsOf { get; init; }

    /// <summary>Nothing is tried again after this: every failure is noted on the device.</summary>
    public bool IsLastAttempt { get; init; }
}

/// <summary>A certificate as a bind event carries it.</summary>
/// <param name="EncodedPem">Base64 of the PEM text.</param>
/// <param name="CAId">The issuing CA's id in Lamassu.</param>
/// <param name="Metadata">Decides where the ARN is noted.</param>
public sealed record BoundCertificate(string SerialNumber, string EncodedPem, string? CAId, JsonObject? Metadata)
{
    /// <summary>May be outdated and is never taken for the truth; another one than ACTIVE is reason to ask for it.</summary>
    public string? Status { get; init; }
}

/// <summary>How a registration ended when nothing failed.</summary>
public abstract record RegisterThingOutcome
{
    private RegisterThingOutcome()
    {
    }

    /// <summary>Something was missing in AWS and is there now.</summary>
    public sealed record Registered(ThingRegistration Registration) : RegisterThingOutcome;

    /// <summary>Everything was there; AWS was only read.</summary>
    public sealed record AlreadyRegistered(ThingRegistration Registration) : RegisterThingOutcome;

    /// <summary>The device's DMS does not ask this connector to register it.</summary>
    public sealed record NotRequested(string Reason) : RegisterThingOutcome;

    /// <summary>The device has no current identity to register, or another one than the event says. Nothing was touched.</summary>
    public sealed record Outdated(string Reason) : RegisterThingOutcome;

    /// <summary>Something else has to happen first.</summary>
    /// <param name="Code">A stable word, e.g. <c>ca_not_registered</c>.</param>
    public sealed record Waiting(string Code, string Reason) : RegisterThingOutcome;
}

/// <summary>A thing as it is in AWS after a registration, and what the registration did and left.</summary>
/// <param name="CertificateStatus">The status in AWS; null when it did not have to be read.</param>
public sealed record ThingRegistration(
    string ThingName,
    string? ThingArn,
    string SerialNumber,
    string CertificateId,
    string CertificateArn,
    string? CertificateStatus)
{
    public IReadOnlyList<ResourceNote> Created { get; init; } = [];

    public IReadOnlyList<ResourceNote> Existing { get; init; } = [];

    public IReadOnlyList<ResourceNote> Retired { get; init; } = [];

    public IReadOnlyList<ResourceNote> LeftAlone { get; init; } = [];
}

/// <param name="Kind"><c>thing</c>, <c>certificate</c>, <c>policy</c>, <c>thing_group</c>, or <c>…_attachment</c>.</param>
/// <param name="Name">The resource's name or id in AWS.</param>
/// <param name="Detail">Why it was left alone, or what became of it.</param>
public sealed record ResourceNote(string Kind, string Name, string? Detail = null);
