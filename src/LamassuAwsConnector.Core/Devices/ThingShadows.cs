using System.Text.Json;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Core.Aws;
using Microsoft.Extensions.Logging;

namespace LamassuAwsConnector.Core.Devices;

/// <summary>
/// The actions in a thing's shadow: <c>state.desired.identity_actions</c>, an action's name to its time in milliseconds since the epoch. Nothing else of
/// the document is written.
/// </summary>
internal sealed partial class ThingShadows(IIoTCore iot, ILogger<ThingShadows> logger)
{
    private const string State = "state";
    private const string Desired = "desired";
    private const string IdentityActions = "identity_actions";
    private const string Version = "version";

    // The version check fails when the device or another writer was faster; each loss is one read more.
    private const int MaxAttempts = 5;

    /// <summary>Sets the time of each action that is not asked for at this time or later already.</summary>
    /// <returns>The actions that were written.</returns>
    public Task<IReadOnlyList<string>> RequestAsync(
        string thingName, string? shadowName, IReadOnlyList<string> actions, DateTimeOffset time, CancellationToken cancellationToken)
    {
        var milliseconds = time.ToUnixTimeMilliseconds();
        return ChangeAsync(
            thingName,
            shadowName,
            present => actions.Where(action => TimeOf(present, action) is not { } asked || asked < milliseconds)
                .ToDictionary(action => action, _ => (JsonNode?)JsonValue.Create(milliseconds)),
            cancellationToken);
    }

    /// <summary>Takes back those of the actions that are asked for; null stands for all of them.</summary>
    public Task<IReadOnlyList<string>> ClearAsync(string thingName, string? shadowName, IReadOnlyList<string>? actions, CancellationToken cancellationToken) => ChangeAsync(
        thingName,
        shadowName,
        present => (present?.Select(action => action.Key) ?? []).Where(action => actions is null || actions.Contains(action, StringComparer.Ordinal))
            .ToDictionary(action => action, _ => (JsonNode?)null),
        cancellationToken);

    /// <summary>The actions that a shadow document asks for, with their times in milliseconds; null for a time that is no number.</summary>
    public static IReadOnlyDictionary<string, long?> ActionsOf(string document, string thingName)
    {
        var actions = Actions(Parse(document, thingName));
        return (actions?.Select(action => action.Key) ?? []).ToDictionary(action => action, action => TimeOf(actions, action));
    }

    private async Task<IReadOnlyList<string>> ChangeAsync(
        string thingName, string? shadowName, Func<JsonObject?, Dictionary<string, JsonNode?>> changes, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var document = Parse(await iot.GetThingShadowAsync(thingName, shadowName, cancellationToken), thingName);
            var change = changes(Actions(document));
            if (change.Count == 0)
            {
                return [];
            }

            try
            {
                await iot.UpdateThingShadowAsync(thingName, shadowName, Update(change, document?[Version]), cancellationToken);
                Log.Written(logger, thingName, string.Join(", ", change.Keys));
                return [.. change.Keys];
            }
            catch (ConnectorException exception) when (exception.Code == AwsErrorCodes.Conflict && attempt < MaxAttempts)
            {
                Log.MovedOn(logger, thingName, attempt);
            }
        }
    }

    // Without a version where there is no shadow: a deleted one keeps counting.
    private static string Update(Dictionary<string, JsonNode?> change, JsonNode? version)
    {
        var update = new JsonObject { [State] = new JsonObject { [Desired] = new JsonObject { [IdentityActions] = new JsonObject(change) } } };
        if (version is not null)
        {
            update[Version] = version.DeepClone();
        }

        return update.ToJsonString();
    }

    private static JsonObject? Actions(JsonObject? document) => document?[State]?[Desired]?[IdentityActions] as JsonObject;

    private static long? TimeOf(JsonObject? actions, string action) => actions?[action] is JsonValue value && value.TryGetValue<long>(out var time) ? time : null;

    private static JsonObject? Parse(string? document, string thingName)
    {
        try
        {
            return document is null ? null : JsonNode.Parse(document) as JsonObject;
        }
        catch (JsonException exception)
        {
            throw new ConnectorException(FailureKind.Unexpected, "shadow_unreadable", FailureSource.Aws, $"The shadow of thing {thingName} is no JSON.", exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Wrote to the shadow of thing {ThingName}: {Actions}", EventName = "update_shadow")]
        public static partial void Written(ILogger logger, string thingName, string actions);

        [LoggerMessage(2, LogLevel.Debug, "The shadow of thing {ThingName} has moved on, attempt {Attempt}")]
        public static partial void MovedOn(ILogger logger, string thingName, int attempt);
    }
}
