using System.Text.Json.Nodes;
using Amazon.IoT.Model;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Builders;
using LamassuAwsConnector.Tests.Devices;
using LamassuAwsConnector.Tests.Infrastructure;
using static LamassuAwsConnector.Tests.DeviceManufacturing.DmsStage;

namespace LamassuAwsConnector.Tests.DeviceManufacturing;

/// <summary>Policies and groups that a DMS names, from its events to AWS.</summary>
public sealed class DmsPolicyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(LamassuJson.Lamassu3Key)]
    [InlineData(LamassuJson.DocumentedKey)]
    public async Task A_new_DMS_finds_its_policies_and_groups_made(string key)
    {
        await using var stage = await TestStage.StartAsync(Door.Event);
        await stage.Lamassu.CreateCAAsync("ca-1");

        await stage.Lamassu.CreateDmsAsync("dms-2", "ca-1", LamassuJson.AutoDms(key));
        await stage.WhenQuietAsync();

        Assert.Equal(["GetPolicy", "CreatePolicy", "DescribeThingGroup", "CreateThingGroup"], (await stage.AwsCallsAsync()).Select(call => call.Operation));
        Assert.DoesNotContain(stage.LamassuCalls(), call => call.Contains("/devices", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("none")]
    [InlineData(null)]
    public async Task A_DMS_that_asks_for_nothing_costs_no_call(string? mode)
    {
        await using var stage = await TestStage.StartAsync(Door.Event);
        await stage.Lamassu.CreateCAAsync("ca-1");

        await stage.Lamassu.CreateDmsAsync("dms-2", "ca-1", mode is null ? [] : WithMode(mode));
        await stage.WhenQuietAsync();

        Assert.Empty(await stage.AwsCallsAsync());
    }

    [Fact]
    public async Task A_changed_document_becomes_the_default_version()
    {
        await using var stage = await StartAsync();
        var before = stage.Current.DeepClone().AsObject();

        await stage.SaveAsync(dms => SetDocument(dms, Document));

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Document), JsonNode.Parse(await stage.DocumentAsync())));
        Assert.Equal(["CreatePolicyVersion"], await stage.Stage.AwsWritesAsync());

        await stage.Stage.ForgetCallsAsync();
        Assert.Equal("handled", (await stage.PublishUpdateAsync(before)).Outcome);
        Assert.Empty(await stage.Stage.AwsWritesAsync());
    }

    [Fact]
    public async Task A_changed_document_reaches_AWS_by_the_event_of_a_metadata_patch_too()
    {
        await using var stage = await StartAsync();
        var before = stage.Current.DeepClone().AsObject();
        stage.Change(dms => SetDocument(dms, Document));

        Assert.Equal("handled", (await stage.PublishUpdateAsync(before, "dms.metadata.update")).Outcome);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Document), JsonNode.Parse(await stage.DocumentAsync())));
    }

    [Fact]
    public async Task A_document_that_differs_in_white_space_alone_costs_no_call()
    {
        await using var stage = await StartAsync();

        await stage.SaveAsync(dms => SetDocument(dms, LamassuJson.Policy.Replace(",", " ,\n ", StringComparison.Ordinal)));

        Assert.Empty(await stage.CallsAsync());
    }

    [Fact]
    public async Task A_DMS_saved_unchanged_costs_no_call()
    {
        await using var stage = await StartAsync();

        await stage.SaveAsync(dms => dms["metadata"]!["site"] = "north");

        Assert.Empty(await stage.CallsAsync());
    }

    [Fact]
    public async Task A_document_that_somebody_changed_in_AWS_is_left()
    {
        await using var stage = await StartAsync();
        const string theirs = """{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iot:*","Resource":"*"}]}""";
        await stage.Stage.IoT.CreatePolicyVersionAsync(
            new CreatePolicyVersionRequest { PolicyName = DeviceScenario.Policy, PolicyDocument = theirs, SetAsDefault = true }, Cancellation);
        await stage.Stage.ForgetCallsAsync();

        await stage.SaveAsync(dms => SetDocument(dms, Document));

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(theirs), JsonNode.Parse(await stage.DocumentAsync())));
        Assert.Empty(await stage.Stage.AwsWritesAsync());
    }

    [Fact]
    public async Task A_sixth_version_takes_the_place_of_the_oldest_that_is_not_the_default()
    {
        await using var stage = await StartAsync();
        for (var version = 2; version <= 5; version++)
        {
            await stage.Stage.IoT.CreatePolicyVersionAsync(
                new CreatePolicyVersionRequest { PolicyName = DeviceScenario.Policy, PolicyDocument = Document, SetAsDefault = false }, Cancellation);
        }

        Assert.Equal(["1", "2", "3", "4", "5"], await stage.PolicyVersionsAsync());

        await stage.SaveAsync(dms => SetDocument(dms, Document));

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Document), JsonNode.Parse(await stage.DocumentAsync())));
        Assert.Equal(["1", "3", "4", "5", "6"], await stage.PolicyVersionsAsync());
    }

    [Fact]
    public async Task A_version_that_AWS_does_not_let_go_is_the_one_that_is_named()
    {
        await using var stage = await StartAsync(configuration: ("event_retries:max_age", "00:00:00"));
        for (var version = 2; version <= 5; version++)
        {
            await stage.Stage.IoT.CreatePolicyVersionAsync(
                new CreatePolicyVersionRequest { PolicyName = DeviceScenario.Policy, PolicyDocument = Document, SetAsDefault = false }, Cancellation);
        }

        await stage.Stage.FailAwsAsync("DeletePolicyVersion", 1, "AccessDeniedException", 403);
        var before = stage.Current.DeepClone().AsObject();
        stage.Change(dms => SetDocument(dms, Document));

        var end = await stage.PublishUpdateAsync(before);

        Assert.Equal(("dead_lettered", "denied"), (end.Outcome, end.Code));
        Assert.Contains($"version 2 of policy {DeviceScenario.Policy}", end.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_changes_whose_events_come_in_the_wrong_order_end_as_the_DMS_is()
    {
        await using var stage = await StartAsync();
        const string third = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Receive","Resource":"*"}]}""";
        var first = stage.Current.DeepClone().AsObject();
        stage.Change(dms => SetDocument(dms, Document));
        var second = stage.Current.DeepClone().AsObject();
        stage.Change(dms => SetDocument(dms, third));

        await stage.PublishUpdateAsync(second);
        await stage.PublishUpdateAsync(first);
        await stage.PublishUpdateAsync(second);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(third), JsonNode.Parse(await stage.DocumentAsync())));
    }

    [Fact]
    public async Task An_added_policy_and_group_reach_the_devices_that_are_registered_already()
    {
        await using var stage = await StartAsync();
        var serial = await stage.Scenario.EnrolAsync();
        await stage.Stage.ForgetCallsAsync();

        await stage.SaveAsync(dms =>
        {
            AddPolicy(dms, OtherPolicy, Document);
            Settings(dms)["groups"]!.AsArray().Add("other-group");
        });

        Assert.Equal([OtherPolicy, DeviceScenario.Policy], (await stage.Stage.PoliciesAsync(serial)).Order());
        Assert.Equal(["other-group", DeviceScenario.Group], (await stage.Stage.GroupsAsync(DeviceScenario.Device)).Order());
        Assert.Equal("ACTIVE", await stage.Stage.CertificateStatusAsync(serial));
        Assert.Equal(["CreatePolicy", "CreateThingGroup", "AttachPolicy", "AddThingToThingGroup"], await stage.Stage.AwsWritesAsync());
    }

    [Fact]
    public async Task A_policy_that_a_DMS_no_longer_names_stays_with_its_devices()
    {
        await using var stage = await StartAsync();
        var serial = await stage.Scenario.EnrolAsync();
        await stage.Stage.ForgetCallsAsync();

        await stage.SaveAsync(dms =>
        {
            Settings(dms)["policies"] = new JsonArray();
            Settings(dms)["groups"] = new JsonArray();
        });

        Assert.Empty(await stage.Stage.AwsWritesAsync());
        await stage.Scenario.AssertInOrderAsync();
        Assert.Equal([DeviceScenario.Policy], await stage.Stage.PoliciesAsync(serial));
    }

    [Fact]
    public async Task A_DMS_whose_settings_vanish_leaves_its_devices_as_they_are()
    {
        await using var stage = await StartAsync();
        await stage.Scenario.EnrolAsync();
        await stage.Stage.ForgetCallsAsync();

        await stage.SaveAsync(dms => dms["metadata"] = new JsonObject());

        Assert.Empty(await stage.Stage.AwsWritesAsync());
        await stage.Scenario.AssertInOrderAsync();
    }

    [Fact]
    public async Task Settings_that_AWS_would_refuse_are_a_dead_letter_that_says_what_is_wrong()
    {
        await using var stage = await StartAsync();
        var before = stage.Current.DeepClone().AsObject();
        stage.Change(dms => AddPolicy(dms, "no name", Document));

        var end = await stage.PublishUpdateAsync(before);

        Assert.Equal(("dead_lettered", "invalid"), (end.Outcome, end.Code));
        Assert.Contains("policy 1 has no name", end.Reason, StringComparison.Ordinal);
        Assert.Empty(await stage.Stage.AwsWritesAsync());
    }

    [Fact]
    public async Task A_change_that_AWS_refuses_for_a_while_is_carried_out_in_the_end()
    {
        await using var stage = await StartAsync();
        await stage.Stage.FailAwsAsync("CreatePolicyVersion", 12, "ThrottlingException", 429);

        await stage.SaveAsync(dms => SetDocument(dms, Document));

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Document), JsonNode.Parse(await stage.DocumentAsync())));
    }

    [Fact]
    public async Task A_DMS_that_is_gone_is_gone()
    {
        await using var stage = await StartAsync();
        var before = stage.Current.DeepClone().AsObject();
        var update = new JsonObject { ["previous"] = before, ["updated"] = before.DeepClone() };
        stage.Stage.State.Remove(LamassuKind.Dms, Dms);

        Assert.Equal("gone", (await stage.Stage.PublishAsync("dms.update", $"dms/{Dms}", update)).Outcome);
    }

    [Fact]
    public async Task A_registration_right_after_a_save_has_the_saved_policies()
    {
        await using var stage = await StartAsync();
        await stage.Scenario.EnrolAsync("meter-0");

        await stage.SaveAsync(dms => AddPolicy(dms, OtherPolicy, Document));
        var serial = await stage.Scenario.EnrolAsync();

        Assert.Equal([OtherPolicy, DeviceScenario.Policy], (await stage.Stage.PoliciesAsync(serial)).Order());
    }
}
