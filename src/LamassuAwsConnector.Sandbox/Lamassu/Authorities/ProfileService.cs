using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu.Events;

namespace LamassuAwsConnector.Sandbox.Lamassu.Authorities;

/// <summary>Issuance profiles.</summary>
internal sealed class ProfileService(Rows rows, EventPublisher events)
{
    public async Task<JsonObject> CreateAsync(Operation operation, JsonObject profile, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString();
        profile["id"] = id;
        await rows.SaveAsync(LamassuKind.Profile, id, profile, cancellationToken);
        await events.PublishAsync(operation, "profile.issuance.create", $"profile/{id}", profile.DeepClone(), cancellationToken);
        return profile;
    }

    public async Task<JsonObject> UpdateAsync(Operation operation, string id, JsonObject profile, CancellationToken cancellationToken)
    {
        var previous = rows.ForUpdate(LamassuKind.Profile, id);
        profile["id"] = id;
        await rows.SaveAsync(LamassuKind.Profile, id, profile, cancellationToken);
        await events.PublishUpdateAsync(operation, "profile.issuance.update", $"profile/{id}", previous, profile, cancellationToken);
        return profile;
    }
}
