using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Events;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu;

/// <summary>What all services work with.</summary>
internal sealed record LamassuContext(LamassuState State, LamassuFaults Faults, EventPublisher Events, GoClock Clock)
{
    /// <summary>
    /// An update as Lamassu makes one: with the bus on a wrapper reads the object for <c>previous</c> first, and spoils the error when it is missing; then
    /// the service reads the row again, changes it and saves it whole. Whatever somebody else saved in between is lost.
    /// </summary>
    /// <param name="target">The row, and the event.</param>
    /// <param name="change">Changes the row, or refuses to.</param>
    /// <param name="cancellationToken">Ends the update.</param>
    public async Task<JsonObject> UpdateAsync(UpdateTarget target, Func<JsonObject, Task> change, CancellationToken cancellationToken)
    {
        var previous = ReadPrevious(target);
        var row = State.Find(target.Kind, target.Id) ?? throw new LamassuException(target.NotFound);
        await Faults.RunModificationAsync(target.Kind, target.Id, cancellationToken);
        await change(row);
        State.Save(target.Kind, row);
        if (target.AfterSave is not null)
        {
            await target.AfterSave(row);
        }

        if (previous is not null)
        {
            await Events.PublishUpdateAsync(target.Operation, target.EventType, target.Subject, previous, row, cancellationToken);
        }

        return row;
    }

    /// <summary>What the wrapper of an update reads beforehand; null when the bus is off.</summary>
    public JsonObject? ReadPrevious(UpdateTarget target)
    {
        if (!Events.Enabled)
        {
            return null;
        }

        var inner = target.Id.Length == 0 ? LamassuException.Invalid().Message : target.NotFound;
        return State.Find(target.Kind, target.Id) ?? throw new LamassuException($"mw error: could not get {target.KindName} {target.Id}: {inner}");
    }
}

/// <summary>An object that is updated, and how its event is called.</summary>
internal sealed record UpdateTarget(Operation Operation, LamassuKind Kind, string Id, string EventType)
{
    /// <summary>Runs after the row was saved and before its event.</summary>
    public Func<JsonObject, Task>? AfterSave { get; init; }

    public string KindName => Kind switch
    {
        LamassuKind.CA => "CA",
        LamassuKind.Certificate => "Certificate",
        LamassuKind.Device => "Device",
        LamassuKind.Dms => "DMS",
        _ => "IssuanceProfile",
    };

    public string NotFound => Kind switch
    {
        LamassuKind.CA => "CA not found",
        LamassuKind.Certificate => "certificate not found",
        LamassuKind.Device => "device not found",
        LamassuKind.Dms => "DMS not found",
        _ => "issuance profile not found",
    };

    public string Subject => $"{Kind.ToString().ToLowerInvariant()}/{Id}";
}
