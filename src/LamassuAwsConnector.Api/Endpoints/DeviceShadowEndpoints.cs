using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FluentValidation;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Devices;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Api.Endpoints;

internal static class DeviceShadowEndpoints
{
    public static void MapDeviceShadows(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/devices/{deviceId}/shadow").WithTags("Device shadows");
        group.MapGet("", GetDeviceShadow).ProducesProblem(StatusCodes.Status409Conflict);
        group.MapPost("/actions", RequestShadowActions);
    }

    /// <summary>Shows the device's shadow in AWS, classic or named as its DMS says</summary>
    /// <param name="deviceId" example="meter-000042">The device's id in Lamassu, and the thing's name.</param>
    private static async Task<Ok<DeviceShadowResponse>> GetDeviceShadow(string deviceId, DeviceShadowService service, CancellationToken cancellationToken)
    {
        var (shadowName, document) = await service.ReadAsync(deviceId, cancellationToken);
        return TypedResults.Ok(new DeviceShadowResponse(deviceId, shadowName, document is null ? null : JsonNode.Parse(document)));
    }

    /// <summary>Asks a device for actions, through its shadow</summary>
    /// <remarks>
    /// Each action is written to `state.desired.identity_actions` with the present time in milliseconds. The other members of the shadow are left as they are.
    /// </remarks>
    /// <param name="deviceId" example="meter-000042">The device's id in Lamassu, and the thing's name.</param>
    private static async Task<Ok<ShadowActionsResponse>> RequestShadowActions(
        string deviceId,
        RequestBody<ShadowActionsRequest> body,
        DeviceShadowService service,
        IOptions<ConnectorOptions> options,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        ConnectorId.ThrowIfUnknown(body.Value.ConnectorId, options.Value);
        var command = new RequestShadowActions(deviceId, [.. body.Value.Actions!.Distinct(StringComparer.Ordinal)!], timeProvider.GetUtcNow());
        return await service.RequestAsync(command, cancellationToken) switch
        {
            RequestShadowActionsOutcome.Requested requested => TypedResults.Ok(
                new ShadowActionsResponse(deviceId, options.Value.ConnectorId, requested.ShadowName, command.Actions, command.Time.ToUnixTimeMilliseconds())),
            RequestShadowActionsOutcome.Disabled disabled => throw Conflict("shadow_disabled", disabled.Reason),
            RequestShadowActionsOutcome.NoThing missing => throw Conflict("thing_missing", missing.Reason),
            var outcome => throw new InvalidOperationException($"A request for shadow actions ended as {outcome.GetType().Name}."),
        };
    }

    private static ConnectorException Conflict(string code, string message) => new(FailureKind.Conflict, code, FailureSource.Connector, message);
}

/// <param name="ConnectorId" example="aws-iot-prod">The id of this connector.</param>
/// <param name="Actions">Names of 1 to 64 letters, digits or <c>_-</c>, e.g. <c>UPDATE_CERTIFICATE</c> or <c>rotate</c>; devices know their own words.</param>
internal sealed partial record ShadowActionsRequest(string? ConnectorId, IReadOnlyList<string?>? Actions)
{
    // Lamassu's user interface knows two actions; the shadow's 8 KB hold many more.
    private const int MaxActions = 20;

    private const string ActionsMissing = "is missing: send a list of 1 to 20 actions";

    public sealed class Validator : AbstractValidator<ShadowActionsRequest>
    {
        public Validator()
        {
            RuleFor(request => request.ConnectorId).MustBeGiven();
            RuleFor(request => request.Actions).NotNull().WithMessage(ActionsMissing).HasCount(1, MaxActions).WithMessage(ActionsMissing);
            RuleForEach(request => request.Actions).NotNull().WithMessage("is null; send a name").Matches(Name()).WithMessage("is no action: 1 to 64 letters, digits or _-");
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex Name();
}

/// <param name="ShadowName">null: the classic shadow.</param>
/// <param name="Time">Milliseconds since the epoch, as written to the shadow.</param>
internal sealed record ShadowActionsResponse(string DeviceId, string ConnectorId, string? ShadowName, IReadOnlyList<string> Actions, long Time);

/// <param name="ShadowName">null: the classic shadow.</param>
/// <param name="Document">The shadow document as AWS has it; null when there is none.</param>
internal sealed record DeviceShadowResponse(string DeviceId, string? ShadowName, JsonNode? Document);
