using System.Text.Json.Nodes;
using LamassuAwsConnector.Api;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.DeviceManufacturing.JitpStage;

namespace LamassuAwsConnector.Tests.DeviceManufacturing;

/// <summary>Provisioning templates by the events of their DMSs.</summary>
public sealed class JitpEventTests
{
    [Theory]
    [InlineData(LamassuJson.Lamassu3Key)]
    [InlineData(LamassuJson.DocumentedKey)]
    public async Task A_new_DMS_in_mode_jitp_finds_its_template_made_and_a_device_comes_in_by_it(string key)
    {
        await using var stage = await JitpStage.StartAsync(key, door: Door.Event);
        var metadata = LamassuJson.AutoDms(key);
        Jitp(metadata[key]!.AsObject(), key);

        // Another CA's DMS: that of the stage enrols at the first one.
        await stage.Stage.Lamassu.CreateCAAsync("ca-2");
        await stage.RegisterCAAsync("ca-2");
        await stage.Stage.Lamassu.CreateDmsAsync("dms-2", "ca-2", metadata);
        await stage.Stage.WhenQuietAsync();

        Assert.True((await stage.TemplateAsync("dms-2"))!.Enabled);
        Assert.Equal(("dms-2", "ENABLE"), await stage.CAInAwsAsync("ca-2"));
        await stage.EnrolAsync("meter-9", dms: "dms-2");
        Assert.Null(await stage.Stage.DescribeThingAsync("meter-9"));
        await stage.ConnectAsync("meter-9");
        Assert.NotNull(await stage.Stage.DescribeThingAsync("meter-9"));
    }

    [Fact]
    public async Task A_template_whose_CA_is_not_registered_is_made_and_the_event_is_a_dead_letter_until_somebody_saves_once_more()
    {
        await using var stage = await JitpStage.StartAsync(registersCA: false);

        var end = await SaveAsync(stage, settings => Jitp(settings, stage.Key));

        Assert.Equal(("dead_lettered", "conflict", 4), (end.Outcome, end.Code, end.Deliveries));
        Assert.NotNull(await stage.TemplateAsync());

        await stage.RegisterCAAsync();
        Assert.Equal("handled", (await SaveAsync(stage, _ => { })).Outcome);
        Assert.Equal((Dms, "ENABLE"), await stage.CAInAwsAsync());

        await stage.Stage.ForgetCallsAsync();
        Assert.Equal("handled", (await SaveAsync(stage, _ => { })).Outcome);
        Assert.Empty(await stage.Stage.AwsWritesAsync());
    }

    [Fact]
    public async Task A_template_waits_for_its_CA_to_be_registered()
    {
        await using var stage = await JitpStage.StartAsync(registersCA: false, configuration: PatientRetries);

        var saved = SaveAsync(stage, settings => Jitp(settings, stage.Key));
        await Patience.UntilAsync(async () => await stage.TemplateAsync() is not null);
        await stage.RegisterCAAsync();

        Assert.Equal("handled", (await saved).Outcome);
        Assert.Equal((Dms, "ENABLE"), await stage.CAInAwsAsync());
    }

    [Fact]
    public async Task A_changed_DMS_gives_its_template_a_new_default_version()
    {
        await using var stage = await JitpStage.StartAsync();
        await SaveAsync(stage, settings => Jitp(settings, stage.Key));

        await SaveAsync(stage, settings => settings["groups"] = new JsonArray("test-group", "second-group"));

        Assert.Equal(2, (await stage.TemplateAsync())!.DefaultVersionId);
        Assert.Contains("second-group", (await stage.BodyAsync()).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_added_policy_reaches_devices_that_came_by_the_template_and_registers_none_that_did_not()
    {
        await using var stage = await JitpStage.StartAsync();
        await SaveAsync(stage, settings => Jitp(settings, stage.Key));
        var connected = await stage.EnrolAsync();
        await stage.ConnectAsync();
        await stage.EnrolAsync("meter-2");

        var end = await SaveAsync(stage, settings => settings["policies"]!.AsArray().Add(
            new JsonObject { ["policy_name"] = "other-policy", ["policy_document"] = LamassuJson.Policy }));

        Assert.Equal("handled", end.Outcome);
        Assert.Equal(["other-policy", "test-policy"], (await stage.Stage.PoliciesAsync(connected)).Order());
        Assert.Null(await stage.Stage.DescribeThingAsync("meter-2"));
        Assert.Equal("ACTIVE", await stage.Stage.CertificateStatusAsync(connected));
    }

    [Fact]
    public async Task A_template_that_can_not_be_attached_does_not_keep_devices_from_the_CAs_to_trust()
    {
        await using var stage = await JitpStage.StartAsync(registersCA: false);
        var before = stage.Stage.State.Find(LamassuKind.Dms, Dms)!.DeepClone().AsObject();
        stage.ChangeSettings(settings =>
        {
            Jitp(settings, stage.Key);
            settings["shadow_config"] = new JsonObject { ["enable"] = true };
        });
        var after = stage.Stage.State.Find(LamassuKind.Dms, Dms)!;
        after["settings"]!["ca_distribution_settings"]!["managed_cas"] = new JsonArray("ca-x");
        stage.Stage.State.Store(LamassuKind.Dms, after);

        var end = await PublishAsync(stage, before);

        Assert.Equal(("dead_lettered", "conflict"), (end.Outcome, end.Code));
        Assert.Contains(stage.Stage.LamassuCalls(), call => call.StartsWith($"GET /v1/devices/dms/{Dms}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Our_own_write_to_a_DMS_is_not_handled_again()
    {
        await using var stage = await JitpStage.StartAsync(door: Door.Event);
        await stage.PutWellAsync();
        await stage.Stage.WhenQuietAsync();

        Assert.Single(await stage.OperationsAsync(), "DescribeCACertificate");
        Assert.Single(await stage.OperationsAsync(), "CreateProvisioningTemplate");
    }

    [Fact]
    public async Task No_event_makes_the_connector_write_to_a_DMS()
    {
        await using var stage = await JitpStage.StartAsync();
        await SaveAsync(stage, settings => Jitp(settings, stage.Key));
        await SaveAsync(stage, settings => settings["groups"] = new JsonArray("test-group", "second-group"));

        await SaveAsync(stage, settings => settings["registration_mode"] = "none");

        Assert.NotEmpty(await stage.Stage.AwsWritesAsync());
        Assert.DoesNotContain(stage.Stage.LamassuCalls(), call => !call.StartsWith("GET", StringComparison.Ordinal));
    }

    /// <summary>Time for what the message waits for.</summary>
    internal static readonly (string Key, string? Value)[] PatientRetries =
        [.. Enumerable.Range(0, 3).Select(retry => ($"event_retries:delays:{retry}", (string?)"00:00:02"))];

    private static void Jitp(JsonObject settings, string key)
    {
        if (key == LamassuJson.Lamassu3Key)
        {
            settings["registration_mode"] = "jitp";
        }

        settings[key == LamassuJson.Lamassu3Key ? "jitp_config" : "jitp_provisioning_template"] = new JsonObject { ["enable_template"] = true };
    }

    private static async Task<EventEnd> SaveAsync(JitpStage stage, Action<JsonObject> change)
    {
        var before = stage.Stage.State.Find(LamassuKind.Dms, Dms)!.DeepClone().AsObject();
        stage.ChangeSettings(change);
        return await PublishAsync(stage, before);
    }

    private static Task<EventEnd> PublishAsync(JitpStage stage, JsonObject previous) => stage.Stage.PublishAsync(
        "dms.update",
        $"dms/{Dms}",
        new JsonObject { ["previous"] = previous, ["updated"] = stage.Stage.State.Find(LamassuKind.Dms, Dms)!.DeepClone() });
}
