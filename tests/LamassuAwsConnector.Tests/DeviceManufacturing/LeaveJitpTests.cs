using System.Net;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Api;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.DeviceManufacturing.JitpStage;

namespace LamassuAwsConnector.Tests.DeviceManufacturing;

/// <summary>A DMS leaves mode jitp; a device that works, or would have come by itself, keeps its way in.</summary>
public sealed class LeaveJitpTests
{
    [Fact]
    public async Task In_the_documented_dialect_a_DELETE_registers_the_devices_before_the_template_goes()
    {
        await using var stage = await JitpStage.StartAsync(LamassuJson.DocumentedKey, configuration: JitpEventTests.PatientRetries);
        await stage.PutWellAsync();
        var serial = await stage.EnrolAsync();
        await stage.Stage.ForgetCallsAsync();

        using var response = await stage.DeleteAsync();

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.False(stage.Jitp()["enable_template"]!.GetValue<bool>());
        await Patience.UntilAsync(async () => await stage.TemplateAsync() is null);
        Assert.Equal("ACTIVE", await stage.Stage.CertificateStatusAsync(serial));
        Assert.Equal((null, "DISABLE"), await stage.CAInAwsAsync());
        AssertInOrder(await stage.OperationsAsync(), "RegisterThing", "UpdateCACertificate", "DeleteProvisioningTemplate");
        using var again = await stage.DeleteAsync();
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
    }

    [Fact]
    public async Task A_template_that_is_not_ours_stays_and_the_devices_are_registered_all_the_same()
    {
        await using var stage = await JitpStage.StartAsync(LamassuJson.DocumentedKey, configuration: JitpEventTests.PatientRetries);
        await stage.Stage.IoT.CreateProvisioningTemplateAsync(JitpTemplateEndpointTests.Theirs(Dms), TestContext.Current.CancellationToken);
        await stage.PutWellAsync();
        var serial = await stage.EnrolAsync();

        using var response = await stage.DeleteAsync();

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        await Patience.UntilAsync(async () => await stage.Stage.CertificateStatusAsync(serial) == "ACTIVE");
        Assert.NotNull(await stage.TemplateAsync());
    }

    [Fact]
    public async Task By_event_the_template_stays_until_every_device_is_registered()
    {
        await using var stage = await StartAsync();
        var serial = await stage.EnrolAsync();
        await stage.EnrolAsync("meter-2");
        await stage.Stage.ForgetCallsAsync();
        await stage.Stage.FailAwsAsync("RegisterThing", 3, "ServiceUnavailableException", 503);

        var end = await SaveAsync(stage, settings => settings["registration_mode"] = "auto", JitpEventTests.PatientRetries);

        Assert.Equal("handled", end.Outcome);
        Assert.Equal("ACTIVE", await stage.Stage.CertificateStatusAsync(serial));
        Assert.Null(await stage.TemplateAsync());
        Assert.Equal((null, "DISABLE"), await stage.CAInAwsAsync());
        List<string> calls = [.. await stage.OperationsAsync()];
        Assert.InRange(calls.IndexOf("UpdateCACertificate"), calls.LastIndexOf("RegisterThing"), calls.IndexOf("DeleteProvisioningTemplate"));
    }

    [Fact]
    public async Task A_device_that_can_not_be_registered_keeps_the_template_and_is_named_in_a_dead_letter()
    {
        await using var stage = await StartAsync();
        await stage.EnrolAsync();
        await stage.Stage.FailAwsAsync("RegisterThing", 1000, "AccessDeniedException", 403);

        var end = await SaveAsync(stage, settings => settings["registration_mode"] = "auto", ("event_retries:max_age", "00:00:00"));

        Assert.Equal("dead_lettered", end.Outcome);
        Assert.NotNull(await stage.TemplateAsync());
        Assert.Equal((Dms, "ENABLE"), await stage.CAInAwsAsync());
    }

    [Fact]
    public async Task A_device_whose_certificate_is_revoked_does_not_keep_the_template()
    {
        await using var stage = await StartAsync();
        var serial = await stage.EnrolAsync();
        await stage.Stage.Lamassu.SetCertificateStatusAsync(serial, "REVOKED", "KeyCompromise");
        await stage.Stage.WhenQuietAsync();

        Assert.Equal("handled", (await SaveAsync(stage, settings => settings["registration_mode"] = "auto")).Outcome);

        Assert.Null(await stage.TemplateAsync());
        Assert.NotEqual("ACTIVE", await stage.Stage.CertificateStatusAsync(serial));
    }

    [Fact]
    public async Task Mode_none_takes_the_template_away_at_once_and_registers_nobody()
    {
        await using var stage = await StartAsync();
        await stage.EnrolAsync();
        await stage.Stage.ForgetCallsAsync();

        Assert.Equal("handled", (await SaveAsync(stage, settings => settings["registration_mode"] = "none")).Outcome);

        Assert.Null(await stage.TemplateAsync());
        Assert.DoesNotContain("RegisterThing", await stage.OperationsAsync());
    }

    [Fact]
    public async Task A_DMS_that_is_in_mode_jitp_again_keeps_its_template()
    {
        await using var stage = await StartAsync();
        var jitp = stage.Stage.State.Find(LamassuKind.Dms, Dms)!.DeepClone().AsObject();
        stage.ChangeSettings(settings => settings["registration_mode"] = "auto");
        var auto = stage.Stage.State.Find(LamassuKind.Dms, Dms)!.DeepClone().AsObject();
        stage.ChangeSettings(settings => settings["registration_mode"] = "jitp");

        await PublishAsync(stage, auto);
        await PublishAsync(stage, jitp);

        Assert.NotNull(await stage.TemplateAsync());
        Assert.Equal((Dms, "ENABLE"), await stage.CAInAwsAsync());
    }

    [Fact]
    public async Task A_deleted_DMS_takes_its_template_with_it_whoever_the_event_names_as_its_cause()
    {
        await using var stage = await StartAsync();
        stage.Stage.State.Remove(LamassuKind.Dms, Dms);

        var end = await stage.Stage.PublishAsync(
            "dms.delete",
            $"dms/{Dms}",
            new JsonObject { ["ID"] = Dms },
            source: $"source://lamassu.io/ctx/source/service/awsiot-connector/{TestStage.ConnectorId}");

        Assert.Equal("handled", end.Outcome);
        Assert.Null(await stage.TemplateAsync());
        Assert.Equal((null, "DISABLE"), await stage.CAInAwsAsync());
    }

    [Fact]
    public async Task A_DMS_that_Lamassu_still_has_keeps_its_template()
    {
        await using var stage = await StartAsync();

        Assert.Equal("ignored", (await stage.Stage.PublishAsync("dms.delete", $"dms/{Dms}", new JsonObject { ["ID"] = Dms })).Outcome);

        Assert.NotNull(await stage.TemplateAsync());
    }

    [Fact]
    public async Task Settings_that_vanish_disable_the_template_and_detach_nothing()
    {
        await using var stage = await StartAsync();
        var before = stage.Stage.State.Find(LamassuKind.Dms, Dms)!.DeepClone().AsObject();
        var after = before.DeepClone().AsObject();
        after["metadata"] = new JsonObject();
        stage.Stage.State.Store(LamassuKind.Dms, after);

        Assert.Equal("handled", (await PublishAsync(stage, before)).Outcome);

        Assert.False((await stage.TemplateAsync())!.Enabled);
        Assert.Equal((Dms, "ENABLE"), await stage.CAInAwsAsync());
    }

    /// <summary>A DMS that went into mode jitp by an event.</summary>
    private static async Task<JitpStage> StartAsync()
    {
        var stage = await JitpStage.StartAsync();
        Assert.Equal("handled", (await SaveAsync(stage, settings =>
        {
            settings["registration_mode"] = "jitp";
            settings["jitp_config"] = new JsonObject { ["enable_template"] = true };
        })).Outcome);
        Assert.Equal((Dms, "ENABLE"), await stage.CAInAwsAsync());
        return stage;
    }

    private static async Task<EventEnd> SaveAsync(JitpStage stage, Action<JsonObject> change, params (string Key, string? Value)[] configuration)
    {
        if (configuration.Length > 0)
        {
            await stage.Stage.RestartConnectorAsync(configuration);
        }

        var before = stage.Stage.State.Find(LamassuKind.Dms, Dms)!.DeepClone().AsObject();
        stage.ChangeSettings(change);
        return await PublishAsync(stage, before);
    }

    private static Task<EventEnd> PublishAsync(JitpStage stage, JsonObject previous) => stage.Stage.PublishAsync(
        "dms.update",
        $"dms/{Dms}",
        new JsonObject { ["previous"] = previous, ["updated"] = stage.Stage.State.Find(LamassuKind.Dms, Dms)!.DeepClone() });

    private static void AssertInOrder(IReadOnlyList<string> calls, params string[] expected) => Assert.Equal(expected, calls.Where(expected.Contains));
}
