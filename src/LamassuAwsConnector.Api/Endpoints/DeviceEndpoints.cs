using System.Text.Json.Serialization;
using FluentValidation;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Core.Devices;
using LamassuAwsConnector.Core.DryRuns;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Api.Endpoints;

internal static class DeviceEndpoints
{
    public static void MapDevices(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/devices/{deviceId}").WithTags("Devices");
        group.MapPost("/register-aws", RegisterDeviceWithAws);
        group.MapGet("/aws", GetDeviceInAws);
    }

    /// <summary>Registers a Lamassu device with its current certificate as an AWS IoT thing</summary>
    /// <remarks>
    /// Thing, certificate, policies and groups of the device's DMS are made where they are missing, earlier certificates of the device are retired.
    /// Existing things keep their attributes and groups, existing certificates their status. Repeating the call is safe.
    /// With `dry_run=true` nothing is changed, and `planned_calls` lists the calls that would change something, in their order.
    /// </remarks>
    /// <param name="deviceId" example="meter-000042">The device's id in Lamassu, and the thing's name.</param>
    private static async Task<Ok<ThingRegistrationResponse>> RegisterDeviceWithAws(
        string deviceId,
        RequestBody<RegisterDeviceRequest> body,
        [AsParameters] DryRunQuery dryRun,
        ThingRegistrationService service,
        DryRunner dryRunner,
        IOptions<ConnectorOptions> options,
        CancellationToken cancellationToken)
    {
        ConnectorId.ThrowIfUnknown(body.Value.ConnectorId, options.Value);
        var command = new RegisterThing(deviceId) { IsExplicit = true };
        var (outcome, plannedCalls) = await dryRun.RunAsync(service, dryRunner, registration => registration.RegisterAsync(command, cancellationToken));
        return outcome switch
        {
            RegisterThingOutcome.Registered registered => TypedResults.Ok(Describe(registered.Registration, "registered")),
            RegisterThingOutcome.AlreadyRegistered already => TypedResults.Ok(Describe(already.Registration, "already_registered")),
            RegisterThingOutcome.NotRequested not => throw Conflict(
                "not_requested", $"{not.Reason}, so device {deviceId} is not registered. Change the DMS's settings for connector {options.Value.ConnectorId} first."),
            RegisterThingOutcome.Outdated outdated => throw Conflict(
                "no_current_identity", $"Device {deviceId} has no identity that can be registered: {outdated.Reason}. Enrol the device first."),
            RegisterThingOutcome.Waiting waiting => throw Conflict(waiting.Code, waiting.Reason),
            _ => throw new InvalidOperationException($"A registration ended as {outcome.GetType().Name}."),
        };

        ThingRegistrationResponse Describe(ThingRegistration registration, string status) => new(
            deviceId,
            options.Value.ConnectorId,
            status,
            registration.ThingName,
            registration.ThingArn,
            registration.SerialNumber,
            registration.CertificateId,
            registration.CertificateArn,
            [.. registration.Created.Select(ResourceResponse.Of)],
            [.. registration.Existing.Select(ResourceResponse.Of)],
            [.. registration.Retired.Select(ResourceResponse.Of)],
            [.. registration.LeftAlone.Select(ResourceResponse.Of)],
            plannedCalls);
    }

    /// <summary>Shows a device in Lamassu and in AWS, side by side, and what is wrong with it</summary>
    /// <remarks>
    /// Reads only: thing, certificates, policies, shadow and connection, all of it or an error. `findings` is empty when all is as it should be; each says
    /// what is wrong and what to do.
    /// </remarks>
    /// <param name="deviceId" example="meter-000042">The device's id in Lamassu, and the thing's name.</param>
    private static async Task<Ok<DeviceViewResponse>> GetDeviceInAws(
        string deviceId, DeviceViewService service, IOptions<ConnectorOptions> options, CancellationToken cancellationToken) =>
        TypedResults.Ok(DeviceViewResponse.Of(await service.GetAsync(deviceId, cancellationToken), options.Value.ConnectorId));

    private static ConnectorException Conflict(string code, string message) => new(FailureKind.Conflict, code, FailureSource.Connector, message);
}

/// <param name="ConnectorId" example="aws-iot-prod">The id of this connector.</param>
internal sealed record RegisterDeviceRequest(string? ConnectorId)
{
    public sealed class Validator : AbstractValidator<RegisterDeviceRequest>
    {
        public Validator() => RuleFor(request => request.ConnectorId).MustBeGiven();
    }
}

/// <param name="Status"><c>registered</c> or <c>already_registered</c>.</param>
/// <param name="ThingArn">null when AWS did not say it.</param>
/// <param name="SerialNumber">Of the current certificate, as Lamassu prints it.</param>
/// <param name="Created">What this call made in AWS.</param>
/// <param name="Existing">What was there.</param>
/// <param name="Retired">Earlier certificates that this call shut out.</param>
/// <param name="LeftAlone">What differs from what the DMS asks for and is not changed by a registration, with the reason.</param>
/// <param name="PlannedCalls">Only with <c>dry_run=true</c>: what would be changed. The other members are as they would be then.</param>
internal sealed record ThingRegistrationResponse(
    string DeviceId,
    string ConnectorId,
    string Status,
    string ThingName,
    string? ThingArn,
    string SerialNumber,
    string CertificateId,
    string CertificateArn,
    IReadOnlyList<ResourceResponse> Created,
    IReadOnlyList<ResourceResponse> Existing,
    IReadOnlyList<ResourceResponse> Retired,
    IReadOnlyList<ResourceResponse> LeftAlone,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<PlannedCallResponse>? PlannedCalls);

/// <param name="Kind"><c>thing</c>, <c>certificate</c>, <c>policy</c>, <c>thing_group</c> or an attachment of one to another.</param>
/// <param name="Name">Its name or id in AWS.</param>
/// <param name="Detail">What became of it, or why it was left alone.</param>
internal sealed record ResourceResponse(string Kind, string Name, string? Detail)
{
    public static ResourceResponse Of(ResourceNote note) => new(note.Kind, note.Name, note.Detail);
}
